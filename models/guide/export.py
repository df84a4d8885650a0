"""Writes the trained Guide as the one file that the app opens.

    python3 export.py FOLDER OUT.gguf

Matrices in Q8_0, norms in 32-bit floats. The rows of q and k lie as GGUF's interleaved
rope wants them: pair by pair, where the training's rope turns halves.
"""

import sys
from pathlib import Path

import gguf
import torch

import vocabulary
from model import Guide, Shape

TEMPLATE = (
    "{{- bos_token }}{%- for m in messages %}"
    "{%- if m['role']=='system' %}{{- '[SYSTEM_PROMPT]' + m['content'] + '[/SYSTEM_PROMPT]' }}"
    "{%- elif m['role']=='user' %}{{- '[INST]' + m['content'] + '[/INST]' }}"
    "{%- else %}{{- m['content'] + eos_token }}{%- endif %}{%- endfor %}"
)
LAYER = {
    "attention_norm": "attn_norm", "attention.q": "attn_q", "attention.k": "attn_k", "attention.v": "attn_v",
    "attention.o": "attn_output", "ffn_norm": "ffn_norm", "gate": "ffn_gate", "up": "ffn_up", "down": "ffn_down",
}


def name(own: str) -> str:
    """The GGUF name of one of our tensors."""
    if own == "embeddings.weight":
        return "token_embd.weight"
    if own == "norm.weight":
        return "output_norm.weight"
    _, layer, part = own.removesuffix(".weight").split(".", 2)
    return f"blk.{layer}.{LAYER[part]}.weight"


def interleaved(rows: torch.Tensor, heads: int) -> torch.Tensor:
    """Each head's rows from halves to pairs: 0, d/2, 1, d/2 + 1, …"""
    count, columns = rows.shape
    return rows.view(heads, 2, count // heads // 2, columns).transpose(1, 2).reshape(count, columns)


def describe(writer: gguf.GGUFWriter, shape: Shape, tokenizer: Path) -> None:
    own = lambda key: f"mistral3.{key}"
    writer.add_name("Sotto Guide")
    writer.add_license("apache-2.0")
    writer.add_block_count(shape.num_hidden_layers)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden_size)
    writer.add_feed_forward_length(shape.intermediate_size)
    writer.add_head_count(shape.num_attention_heads)
    writer.add_head_count_kv(shape.num_key_value_heads)
    writer.add_key_length(shape.head_dim)
    writer.add_value_length(shape.head_dim)
    writer.add_rope_dimension_count(shape.head_dim)
    writer.add_rope_freq_base(shape.rope_theta)
    writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
    writer.add_rope_scaling_factor(shape.factor)
    writer.add_rope_scaling_orig_ctx_len(shape.original_context)
    writer.add_float32(own("rope.scaling.yarn_beta_fast"), shape.beta_fast)
    writer.add_float32(own("rope.scaling.yarn_beta_slow"), shape.beta_slow)
    writer.add_float32(own("rope.scaling.yarn_log_multiplier"), 1.0)
    writer.add_float32(own("attention.temperature_scale"), shape.query_scaling)
    writer.add_layer_norm_rms_eps(shape.rms_norm_eps)
    writer.add_vocab_size(shape.vocab_size)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)

    tokens, merges = vocabulary.pieces(tokenizer)
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("tekken")
    writer.add_token_list(tokens)
    writer.add_token_types([control if place < len(vocabulary.CONTROL) else normal for place in range(len(tokens))])
    writer.add_token_merges([" ".join(merge) for merge in merges])
    writer.add_bos_token_id(vocabulary.BEGIN)
    writer.add_eos_token_id(vocabulary.END)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(vocabulary.PAD)
    writer.add_chat_template(TEMPLATE)


def main(folder: str, out: str) -> None:
    folder, shape = Path(folder), Shape()
    guide = Guide(shape)
    guide.load_state_dict(torch.load(folder / "guide.pt"))
    writer = gguf.GGUFWriter(out, "mistral3")
    describe(writer, shape, folder / "tokenizer.json")
    for own, weight in guide.state_dict().items():
        weight = weight.float()
        if own.endswith(".q.weight"):
            weight = interleaved(weight, shape.num_attention_heads)
        elif own.endswith(".k.weight"):
            weight = interleaved(weight, shape.num_key_value_heads)
        if weight.dim() == 1:
            writer.add_tensor(name(own), weight.numpy())
        else:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(name(own), gguf.quants.quantize(weight.contiguous().numpy(), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{out}: {Path(out).stat().st_size / 1e6:.2f} MB, {sum(w.numel() for w in guide.parameters()) / 1e6:.2f} million numbers")


if __name__ == "__main__":
    main(*sys.argv[1:])
