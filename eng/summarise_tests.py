#!/usr/bin/python3
"""Sums up xunit result files: prints every failed and skipped test with its reason, and ends with one line of counts.

Usage: summarise_tests.py RESULTS PROJECT.csproj...
A project without a result file, or without a single test that passed or failed, counts as one failure: nothing is left out silently.
"""

import pathlib
import sys
import xml.etree.ElementTree as xml


def main(results, projects):
    passed = failed = skipped = 0
    for project in projects:
        name = pathlib.Path(project).stem
        tests = read(results / f"{name}.xml")
        if tests is None:
            failed += 1
            print(f"FAILED  {name}: it ended without a result file; see {results / name}.log")
            continue
        outcomes = [test.get("result") for test, _ in tests]
        passed += outcomes.count("Pass")
        failed += outcomes.count("Fail")
        skipped += outcomes.count("Skip") + outcomes.count("NotRun")
        if not {"Pass", "Fail"} & set(outcomes):
            failed += 1
            print(f"FAILED  {name}: it ran no test")
        for test, reason in tests:
            if test.get("result") != "Pass":
                word = "FAILED " if test.get("result") == "Fail" else "skipped"
                print(f"{word} {name}: {test.get('name')}: {reason}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def read(file):
    """The tests of a result file with their reasons, one line each; errors outside of tests (fixtures, clean-up) as failed ones."""
    try:
        tree = xml.parse(file)
    except (OSError, xml.ParseError):
        return None
    tests = [(test, first_line(test.findtext("reason") or test.findtext("failure/message"))) for test in tree.iter("test")]
    for error in tree.iter("error"):
        error.set("result", "Fail")
        tests.append((error, first_line(error.findtext("failure/message"))))
    return tests


def first_line(text):
    return (text or "no reason given").strip().splitlines()[0]


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2:]))
