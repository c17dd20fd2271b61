using System.Numerics;
using System.Runtime.InteropServices;

namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>A kernel K(u, v) with its parameters; those that a kind does not use are ignored.</summary>
/// <param name="Gamma">Factor of the squared distance (RBF) or of the inner product (sigmoid, poly).</param>
/// <param name="Coef0">Constant of sigmoid and poly.</param>
/// <param name="Degree">Exponent of poly.</param>
public sealed record Kernel(KernelKind Kind, double Gamma = 1, double Coef0 = 0, int Degree = 3)
{
    /// <summary>Whether K depends on u−v only, so that columns constant over all rows can be left out.</summary>
    public bool IsTranslationInvariant => Kind == KernelKind.Rbf;

    /// <param name="shared">What columns that are left out of both add to the squared distance (RBF) or the inner product (the others).</param>
    public double Of(ReadOnlySpan<double> u, ReadOnlySpan<double> v, double shared = 0) => Kind switch
    {
        KernelKind.Linear => Inner(u, v) + shared,
        KernelKind.Rbf => Math.Exp(-Gamma * (SquaredDistance(u, v) + shared)),
        KernelKind.Sigmoid => Math.Tanh((Gamma * (Inner(u, v) + shared)) + Coef0),
        KernelKind.Poly => Power((Gamma * (Inner(u, v) + shared)) + Coef0, Degree),
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
