"""Prints the outcomes that *_walk.py wrote: rows are capabilities, columns are clients.

usage: table.py DIRECTORY NAME…     (reads DIRECTORY/NAME.jsonl)
"""

import json
import os
import sys

directory, names = sys.argv[1], sys.argv[2:]
columns = {}
for name in names:
    with open(os.path.join(directory, name + ".jsonl")) as file:
        columns[name] = {row["name"]: row for row in map(json.loads, file)}
rows = list(dict.fromkeys(row for column in columns.values() for row in column))
width = max(map(len, rows), default=10)
print("capability".ljust(width), *(name.rjust(8) for name in names))
failures = []
for row in rows:
    cells = [columns[name].get(row, {"outcome": "not run", "detail": ""}) for name in names]
    print(row.ljust(width), *(cell["outcome"].rjust(8) for cell in cells))
    failures += [(name, row, cell["detail"]) for name, cell in zip(names, cells)
                 if cell["outcome"] not in ("yes", "n/a")]
for name, row, detail in failures:
    print(f"{name}: {row}: {detail}")
print(f"{'something failed' if failures or not rows else 'all pass'}; logs: {directory}")
sys.exit(1 if failures or not rows else 0)
