#!/usr/bin/env python3
"""The rival in Fovea's pipeline benchmark: the reference's chain in torchvision.

    python3 submit/benchmark-torchvision.py FOLDER [--seconds 5] [--processes 1,16] [--json FILE]

Each picture is decoded whole, RandomResizedCrop(256), RandomHorizontalFlip, ColorJitter(0.1 four times), and Resize(64);
`decode` only decodes. Every process takes its share of the files in turn, one thread each; all measure at the same time,
after as long a warm-up.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import time


def prepare(barrier):
    """Keeps in each process what makes them start together."""
    global together
    together = barrier


def work(files, chain, seconds, offset):
    """Pictures, seconds and seconds of the processor of one process."""
    import torch
    from torchvision import io
    from torchvision.transforms import v2

    torch.set_num_threads(1)
    torch.manual_seed(offset)
    high = v2.Compose(
        [
            v2.RandomResizedCrop(256, antialias=True),
            v2.RandomHorizontalFlip(),
            v2.ToDtype(torch.float32, scale=True),
            v2.ColorJitter(0.1, 0.1, 0.1, 0.1),
        ]
    )
    low = v2.Resize(64, antialias=True)

    def one(file):
        picture = io.decode_image(io.read_file(file), mode=io.ImageReadMode.RGB)
        if chain == "reference":
            low(high(picture))

    def for_a_while():
        done, start, cpu_start = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - start < seconds:
            one(files[(offset + done) % len(files)])
            done += 1
        return done, time.perf_counter() - start, time.process_time() - cpu_start

    for_a_while()
    together.wait()
    return for_a_while()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--processes", default=f"1,{os.cpu_count()}")
    parser.add_argument("--json")
    options = parser.parse_args()
    files = sorted(str(path) for path in pathlib.Path(options.folder).iterdir() if path.is_file())
    figures = []
    for chain in ("decode", "reference"):
        for processes in dict.fromkeys(int(count) for count in options.processes.split(",")):
            context = multiprocessing.get_context("spawn")
            # Nobody passes the barrier before all wait at it, so that each process gets one share.
            with context.Pool(processes, prepare, (context.Barrier(processes),)) as pool:
                shares = [(files, chain, options.seconds, i * len(files) // processes) for i in range(processes)]
                parts = pool.starmap(work, shares, chunksize=1)
            rate = sum(done / wall for done, wall, _ in parts)
            cpu_rate = sum(done for done, _, _ in parts) / sum(cpu for _, _, cpu in parts)
            figures.append(
                {
                    "chain": chain,
                    "processes": processes,
                    "pictures_per_second": rate,
                    "pictures_per_cpu_second": cpu_rate,
                }
            )
            print(
                f"torchvision {chain:10} {processes:3} processes {rate:10.1f} pictures/s,"
                f" {cpu_rate:8.1f} a second of the processor"
            )
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file)


if __name__ == "__main__":
    main()
