#!/usr/bin/env python3
"""Keeps the fuzzer's inputs as one text file for each program, an input a line in hexadecimal.

    fuzz/corpus.py unpack TARGET DIRECTORY    writes fuzz/corpus/TARGET.hex out as files
    fuzz/corpus.py pack TARGET DIRECTORY      makes fuzz/corpus/TARGET.hex of the files there
"""

import hashlib
import sys
from pathlib import Path


def main():
    what, target, directory = sys.argv[1:]
    kept = Path(__file__).parent / "corpus" / f"{target}.hex"
    directory = Path(directory)
    if what == "pack":
        inputs = sorted((path.read_bytes() for path in directory.iterdir()), key=lambda one: (len(one), one))
        kept.parent.mkdir(exist_ok=True)
        kept.write_text("".join(f"{one.hex()}\n" for one in inputs))
    else:
        directory.mkdir(parents=True, exist_ok=True)
        for line in kept.read_text().splitlines():
            one = bytes.fromhex(line)
            (directory / hashlib.sha1(one).hexdigest()).write_bytes(one)


if __name__ == "__main__":
    main()
