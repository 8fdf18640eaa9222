"""The same job the usual way: NDJSON in, flattened NDJSON out, gzip. One record at a time, standard library only.

usage: baseline.py <input.ndjson> <output.ndjson.gz> <gzip level>
"""
import gzip
import json
import resource
import sys


def flatten(record, separator="_"):
    """flatten_json 0.1.6: paths joined by the separator, empty containers gone, of equal names the last one."""
    row = {}

    def walk(value, path):
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, f"{path}{separator}{key}" if path else key)
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                walk(inner, f"{path}{separator}{index}" if path else str(index))
        else:
            row[path] = value

    walk(record, "")
    return row


def main(source, target, level):
    rows = 0
    with open(source, encoding="utf-8") as lines, gzip.open(
        target, "wt", compresslevel=int(level), encoding="utf-8", newline="\n"
    ) as out:
        for line in lines:
            out.write(json.dumps(flatten(json.loads(line))))
            out.write("\n")
            rows += 1
    used = resource.getrusage(resource.RUSAGE_SELF)
    # Linux gives the peak in KiB, macOS in bytes.
    mib = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    print(json.dumps({"rows": rows, "cpu": used.ru_utime + used.ru_stime, "rss": mib}))


main(*sys.argv[1:])
