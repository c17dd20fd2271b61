using System.Numerics;
using System.Runtime.InteropServices;

namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>A kernel K(u, v) with its parameters; those that a kind does not use are ignored.</summary>
/// <param name="Gamma">Factor of the squared distance (RBF) or of the inner product (sigmoid, poly).</param>
/// <param name="Coef0">Constant of sigmoid and poly.</param>
/// <param name="Degree">Exponent of poly.</param>
public sealed record Kernel(KernelKind Kind, double Gamma = 1, double Coef0 = 0, int Degree = 3)
{
    /// <summary>Whether K depends on u−v only, so that columns in which two points agree can be left out.</summary>
    public bool IsTranslationInvariant => Kind == KernelKind.Rbf;

    /// <summary>K(u, v).</summary>
    public double Of(ReadOnlySpan<double> u, ReadOnlySpan<double> v) => At(IsTranslationInvariant ? SquaredDistance(u, v) : Inner(u, v));

    /// <summary>K by the squared distance of two points (RBF) or by their inner product (the others).</summary>
    public double At(double measure) => Kind switch
    {
        KernelKind.Linear => measure,
        KernelKind.Rbf => Math.Exp(-Gamma * measure),
        KernelKind.Sigmoid => Math.Tanh((Gamma * measure) + Coef0),
        KernelKind.Poly => Power((Gamma * measure) + Coef0, Degree),
        _ => throw new InvalidOperationException($"kernel kind {Kind} has no function"),
    };

    private static double Power(double value, int exponent)
    {
        var power = 1.0;
        for (var squared = value; exponent > 0; exponent >>= 1, squared *= squared)
        {
            power *= (exponent & 1) == 1 ? squared : 1;
        }

        return power;
    }

    private static double Inner(ReadOnlySpan<double> u, ReadOnlySpan<double> v)
    {
        var wideU = MemoryMarshal.Cast<double, Vector<double>>(u);
        var wideV = MemoryMarshal.Cast<double, Vector<double>>(v);
        var wideSum = Vector<double>.Zero;
        for (var k = 0; k < wideU.Length; k++)
        {
            wideSum += wideU[k] * wideV[k];
        }

        var sum = Vector.Sum(wideSum);
        for (var k = wideU.Length * Vector<double>.Count; k < u.Length; k++)
        {
            sum += u[k] * v[k];
        }

        return sum;
    }

    /// <summary>
    /// Differences first: |u|² + |v|² − 2u·v, as libsvm has it, loses eight digits where two rows share a huge count and differ in a small one.
    /// </summary>
    private static double SquaredDistance(ReadOnlySpan<double> u, ReadOnlySpan<double> v)
    {
        var wideU = MemoryMarshal.Cast<double, Vector<double>>(u);
        var wideV = MemoryMarshal.Cast<double, Vector<double>>(v);
        var wideSum = Vector<double>.Zero;
        for (var k = 0; k < wideU.Length; k++)
        {
            var difference = wideU[k] - wideV[k];
            wideSum += difference * difference;
        }

        var sum = Vector.Sum(wideSum);
        for (var k = wideU.Length * Vector<double>.Count; k < u.Length; k++)
        {
            var difference = u[k] - v[k];
            sum += difference * difference;
        }

        return sum;
    }
}
