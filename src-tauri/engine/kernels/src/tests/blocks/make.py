"""Blocks of every kind, and the weights that the `gguf` package of PyPI reads from them:
`python make.py` writes them beside itself. Each file is the length of the blocks in four
bytes, the blocks, and the weights in 32-bit floats.

Needs `pip install gguf numpy`; run once for each kind that is added."""
import pathlib
import struct

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, quants

# Where a block's numbers of 16 bits stand.
SCALES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "TQ1_0": [52], "TQ2_0": [64], "IQ4_NL": [0], "IQ4_XS": [0], "MXFP4": [],
    "IQ1_S": [0], "IQ1_M": [], "IQ2_XXS": [0], "IQ2_XS": [0], "IQ2_S": [0],
    "IQ3_XXS": [0], "IQ3_S": [0],
}
# Such as models have, and the ends of what 16 bits hold.
NUMBERS = [0.0123, -0.37, 1.0, 65504.0, 5.96e-8, 0.0, 6.1e-5, -1.0]

noise = np.random.default_rng(15)
for kind, places in SCALES.items():
    length, size = GGML_QUANT_SIZES[GGMLQuantizationType[kind]]
    count = 16 if length == 32 else 6
    blocks = noise.integers(0, 256, (count, size), dtype=np.uint8)
    for block, byte in zip(blocks[2:6], [0x00, 0xFF, 0x7F, 0x80]):
        block[:] = byte
    for at, block in enumerate(blocks):
        number = NUMBERS[at % len(NUMBERS)]
        for place in places:
            block[place : place + 2] = list(np.float16(number if place == places[0] else number / 3).tobytes())
        if kind == "MXFP4":
            block[0] = [127, 120, 130, 250, 0, 1, 2, 125][at % 8]
        if kind == "IQ1_M":
            (bits,) = struct.unpack("<H", np.float16(number).tobytes())
            for i in range(4):
                block[49 + 2 * i] = block[49 + 2 * i] & 15 | (bits >> 4 * i & 15) << 4
    weights = quants.dequantize(blocks.reshape(-1), GGMLQuantizationType[kind]).astype(np.float32)
    assert np.isfinite(weights).all(), kind
    file = pathlib.Path(__file__).with_name(kind.lower() + ".bin")
    file.write_bytes(struct.pack("<I", blocks.size) + blocks.tobytes() + weights.tobytes())
