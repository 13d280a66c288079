"""CPython's ProcessPoolExecutor, told by lines on standard input what to measure; answers seconds."""

import sys
import time
from concurrent.futures import ProcessPoolExecutor, wait


def inc(x):
    return x + 1


def echo(value):
    return value


def record(i):
    return {
        "id": i,
        "kind": "order",
        "active": i % 3 == 0,
        "customer": {"id": 7000000 + i, "name": f"Customer {i} of Somewhere", "mail": f"customer.{i}@example.org"},
        "address": {"street": f"{i % 200 + 1} Long Street", "city": f"City {i % 997}", "zip": str(10000 + i % 89999)},
        "lines": [
            {"sku": f"SKU-{i}-{n}", "title": f"Article {n} of order {i}", "quantity": n + 1, "cents": i % 100}
            | {"tags": ["new", f"t{n}"]}
            for n in range(4)
        ],
        "note": f"Please leave parcel {i} with the neighbours if nobody is at home in the afternoon; ring twice.",
    }


def many(pool, function, items):
    futures = [pool.submit(function, item) for item in items]
    wait(futures)


def measure(pool, what, count):
    if what == "first":
        began = time.perf_counter()
        with ProcessPoolExecutor(1) as fresh:
            fresh.submit(inc, 1).result()
            return time.perf_counter() - began
    records = [record(i) for i in range(count)] if what == "object" else None
    payload = b"x" * (1 << 20)
    began = time.perf_counter()
    if what == "tiny":
        many(pool, inc, range(count))
    elif what == "object":
        many(pool, echo, records)
    elif what == "bytes":
        for _ in range(count):
            pool.submit(echo, payload).result()
    elif what == "map":
        list(pool.map(inc, range(count), chunksize=256))
    return time.perf_counter() - began


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        for line in sys.stdin:
            what, count = line.split()
            print(measure(pool, what, int(count)), flush=True)
