#!/usr/bin/python3
"""Compares the records of a scan with what each file of the corpus is: ``summarise_corpus.py TRUTH RECORDS``. Prints tables for docs/detection.md.

Exit code 1 where a target is missed.
"""

import collections
import json
import sys

MOST_BENIGN_FLAGGED = 1
NAMED_ONLY = "dangerous-callable"
"""What a pickle names without doing anything; no behaviour by itself."""


def main(truth_file, records_file):
    with open(truth_file, encoding="utf-8") as file:
        truth = json.load(file)
    with open(records_file, encoding="utf-8") as file:
        records = {record["path"]: record for record in json.load(file)}
    labels = collections.Counter()
    missed = collections.defaultdict(list)
    indicators = collections.Counter()
    for path, facts in sorted(truth.items()):
        record = records.get(path, {"label": "not read", "outcome": "inert by name", "indicators": [], "reasons": []})
        flagged = record["label"] in ("suspicious", "malicious")
        labels[facts["class"], record["label"]] += 1
        kinds = {indicator["id"] for indicator in record["indicators"]}
        if facts["class"] == "acts":
            indicators.update(kinds)
            behaved = flagged and (kinds - {NAMED_ONLY} or (record.get("decision") or 0) < 0)
            if not behaved:
                missed["acts, not flagged by behaviour" if flagged else "acts, not flagged"].append((path, record))
        elif facts["class"] == "dormant" and not flagged:
            missed["dormant, not even suspicious"].append((path, record))
        elif facts["class"] == "benign" and flagged:
            missed["benign, flagged"].append((path, record))
    print_labels(truth, labels)
    print_misses(missed)
    print("\nIndicators on the files that act: " + ", ".join(f"{name} {count}" for name, count in indicators.most_common()) + ".")
    print_unknown(truth, records)
    benign_flagged = len(missed.pop("benign, flagged", ()))
    return int(bool(missed) or benign_flagged > MOST_BENIGN_FLAGGED)


def print_labels(truth, labels):
    columns = ("malicious", "suspicious", "unknown", "benign", "not read")
    print("| class | files | " + " | ".join(columns) + " |\n| --- |" + " --- |" * (len(columns) + 1))
    for group in ("acts", "dormant", "benign"):
        total = sum(facts["class"] == group for facts in truth.values())
        print(f"| {group} | {total} | " + " | ".join(str(labels[group, column]) for column in columns) + " |")


def print_misses(missed):
    for what, entries in missed.items():
        print(f"\n{what}: {len(entries)}")
        for path, record in entries:
            print(f"- {path}: {record['label']}, {record['outcome']}; {'; '.join(record['reasons'])[:240]}")


def print_unknown(truth, records):
    outcomes = collections.Counter(records[path]["outcome"] for path, facts in truth.items()
                                   if facts["class"] == "benign" and path in records and records[path]["label"] == "unknown")
    print("\nBenign files that are unknown, by outcome: " + (", ".join(f"{name} {count}" for name, count in outcomes.most_common()) or "none") + ".")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
