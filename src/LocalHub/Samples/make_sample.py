#!/usr/bin/python3
"""Writes one sample: a malicious one by technique, or a benign one by kind. Exit code 2 for an id that does not exist."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import pathlib
import random
import sys

from samples import repeatable

repeatable.restart_with_fixed_hashes()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--technique", metavar="ID", help="write a malicious sample with a harmless payload")
    what.add_argument("--benign", metavar="KIND", help="write the (first) file of a benign repo of this kind")
    what.add_argument("--list", action="store_true", help="list the techniques: id, format, whether the payload runs, description")
    parser.add_argument("--format", help="put the payload into another file format than the technique's own")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, metavar="FILE")
    arguments = parser.parse_args()

    from samples import benign, malicious
    from samples.techniques import TECHNIQUES

    if arguments.list:
        for technique in TECHNIQUES.values():
            print(technique.id, technique.carrier, "runs" if technique.runs else "static", technique.description, sep="\t")
        return
    if arguments.out is None:
        parser.error("--out FILE is missing")
    repeatable.keep_everything_alive()
    rng = random.Random(arguments.seed)
    if arguments.technique:
        _require(parser, "technique", arguments.technique, TECHNIQUES)
        if arguments.format:
            _require(parser, "format", arguments.format, malicious.CARRIERS)
        try:
            data = malicious.write(arguments.technique, rng, arguments.format)
        except ValueError as refused:
            parser.error(str(refused))
    else:
        _require(parser, "kind", arguments.benign, benign.KINDS)
        data = next(iter(benign.write(arguments.benign, rng, benign.GENERATION)[2].values()))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_bytes(data)


def _require(parser, what, value, known):
    if value not in known:
        parser.error(f"unknown {what} '{value}'; choose one of: {', '.join(known)}")


if __name__ == "__main__":
    sys.exit(main())
