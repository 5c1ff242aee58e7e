#!/usr/bin/env python3
"""The rival in Fovea's GPU benchmark: the same upscaler in PyTorch, compiled, bf16, channels-last.

    python3 submit/benchmark-pytorch.py [--device cuda] [--turns 20] [--json FILE]

Needs torch 2.6 or later (for torch.optim.Adafactor). It measures, on the networks and batches that
`dev.fovea.model.benchmark.Benchmark` measures on a GPU, whole optimiser steps with Adafactor's foreach on and off,
forward and backward alone, inference of the batch, one picture of 480 x 270, and alternating steps of stage 2
against the small critic, eager and compiled. Compare best_ms with best_ms.
"""

import argparse
import json
import time

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.parametrizations import weight_norm


def convolution(inputs, outputs, size):
    return weight_norm(nn.Conv2d(inputs, outputs, size, padding=size // 2))


class Block(nn.Module):
    def __init__(self, channels, hidden):
        super().__init__()
        self.conv1 = convolution(channels, hidden, 3)
        self.conv2 = convolution(hidden, channels, 3)

    def forward(self, z):
        return z + self.conv2(functional.silu(self.conv1(z)))


class Upscaler(nn.Module):
    def __init__(self, ratio, channels, hidden_ratio, layers):
        super().__init__()
        self.input = convolution(3, channels, 5)
        self.encoder = nn.Sequential(*(Block(channels, channels * hidden_ratio) for _ in range(layers)))
        self.decoder = convolution(channels, 3 * ratio * ratio, 3)
        self.shuffle = nn.PixelShuffle(ratio)
        self.base = nn.Upsample(scale_factor=ratio, mode="bicubic", align_corners=False)

    def forward(self, x):
        residual = self.shuffle(self.decoder(self.encoder(self.input(x))))
        return (residual.float() + self.base(x)).clamp(0, 1)


class CriticBlock(nn.Module):
    def __init__(self, inputs, hidden, outputs, stride):
        super().__init__()
        self.residual = nn.Sequential(
            nn.Conv2d(inputs, hidden, 1, bias=False),
            nn.BatchNorm2d(hidden),
            nn.SiLU(),
            nn.Conv2d(hidden, hidden, 3, stride, 1),
            nn.SiLU(),
            nn.Conv2d(hidden, outputs, 1),
        )
        self.skip = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, z):
        return functional.silu(self.residual(z) + self.skip(z))


class Critic(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.SiLU(), nn.MaxPool2d(3, 2, 1)]
        stages, inputs = [], 64
        for stage, count in enumerate(blocks):
            hidden = 64 << stage
            for block in range(count):
                stages.append(CriticBlock(inputs, hidden, 4 * hidden, 2 if stage and not block else 1))
                inputs = 4 * hidden
        self.layers = nn.Sequential(*stem, *stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1))

    def forward(self, x):
        return self.layers(x)


def alternating_step(upscaler, critic, run_upscaler, run_critic, low, high):
    """A function that takes one alternating step of stage 2, as the reference does."""
    optimisers = [torch.optim.Adafactor(n.parameters(), lr=1e-4, foreach=True) for n in (upscaler, critic)]
    against_one = torch.ones(low.shape[0], 1, device=low.device)
    targets = torch.cat([against_one, torch.zeros_like(against_one)])

    def finish(network, optimiser):
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()

    def step():
        with torch.autocast(low.device.type, torch.bfloat16):
            fake = run_upscaler(low)
            logits = torch.cat([run_critic(high), run_critic(fake.detach())])
        functional.binary_cross_entropy_with_logits(logits.float(), targets).backward()
        finish(critic, optimisers[1])
        critic.requires_grad_(False)
        with torch.autocast(low.device.type, torch.bfloat16):
            logits = run_critic(fake)
        reconstruction = functional.mse_loss(fake, high)
        adversarial = functional.binary_cross_entropy_with_logits(logits.float(), against_one)
        loss = reconstruction / reconstruction.detach().clamp_min(1e-12)
        (loss + adversarial / adversarial.detach().clamp_min(1e-12)).backward()
        critic.requires_grad_(True)
        finish(upscaler, optimisers[0])

    return step


def measure(work, device, turns, works_per_turn):
    """Best and median milliseconds of a call, over turns of several calls each."""

    def synchronize():
        if device.type == "cuda":
            torch.cuda.synchronize(device)

    for _ in range(10):
        work()
    synchronize()
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        for _ in range(works_per_turn):
            work()
        synchronize()
        times.append((time.perf_counter() - start) * 1000 / works_per_turn)
    times.sort()
    return times[0], times[len(times) // 2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--json")
    options = parser.parse_args()
    device = torch.device(options.device)
    torch.backends.cudnn.benchmark = True
    lines = []

    def report(subject, contender, work, best, median):
        lines.append(
            {"subject": subject, "contender": contender, "work": work, "best_ms": best, "median_ms": median}
        )
        print(f"{subject:24} {contender:32} {work:18} {best:10.2f} {median:10.2f}", flush=True)

    def pictures(batch, height, width):
        return torch.rand(batch, 3, height, width, device=device).to(memory_format=torch.channels_last)

    def network(channels):
        torch.manual_seed(1)
        return Upscaler(4, channels, 2, 16).to(device, memory_format=torch.channels_last)

    print(f"{'subject':24} {'contender':32} {'work':18} {'best ms':>10} {'median ms':>10}")
    for channels in (64, 128):
        subject = f"r4 C{channels} h2 N16, 32 x 64x64"
        low, high = pictures(32, 64, 64), pictures(32, 256, 256)
        for foreach in (True, False):
            upscaler = network(channels)
            compiled = torch.compile(upscaler)
            adafactor = torch.optim.Adafactor(upscaler.parameters(), lr=1e-4, foreach=foreach)

            def gradients():
                with torch.autocast(device.type, torch.bfloat16):
                    prediction = compiled(low)
                functional.mse_loss(prediction, high).backward()

            def step():
                gradients()
                torch.nn.utils.clip_grad_norm_(upscaler.parameters(), 1.0)
                adafactor.step()
                adafactor.zero_grad()

            def forward_and_backward():
                gradients()
                adafactor.zero_grad()

            report(subject, f"pytorch bf16 foreach={foreach}", "step", *measure(step, device, options.turns, 20))
            if foreach:
                report(
                    subject,
                    "pytorch bf16",
                    "forward+backward",
                    *measure(forward_and_backward, device, options.turns, 20),
                )

        def inference(x):
            with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16):
                compiled(x)

        upscaler = network(channels)
        for module in upscaler.modules():
            if isinstance(module, nn.Conv2d):
                nn.utils.parametrize.remove_parametrizations(module, "weight")
        compiled = torch.compile(upscaler)
        report(subject, "pytorch bf16", "inference", *measure(lambda: inference(low), device, options.turns, 20))
        if channels == 64:
            picture = pictures(1, 270, 480)
            report(
                "r4 C64 h2 N16, 480x270",
                "pytorch bf16",
                "inference",
                *measure(lambda: inference(picture), device, options.turns, 20),
            )

    low, high = pictures(32, 64, 64), pictures(32, 256, 256)
    for name in ("eager", "compiled"):
        upscaler = network(64)
        critic = Critic((3, 4, 6, 3)).to(device, memory_format=torch.channels_last)
        run = (upscaler, critic) if name == "eager" else (torch.compile(upscaler), torch.compile(critic))
        step = alternating_step(upscaler, critic, *run, low, high)
        report(
            "r4 C64 h2 N16, small critic",
            f"pytorch bf16 {name}",
            "alternating step",
            *measure(step, device, options.turns, 20),
        )

    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(lines, file, indent=2)


if __name__ == "__main__":
    main()
