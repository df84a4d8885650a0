//! What tensors are called: in the Hugging Face layout, by which mistral.rs asks for them, and in
//! GGUF.

use sotto_gguf::Family;

/// Whether a model has a tensor of this name, in the Hugging Face layout.
pub fn is_known(name: &str) -> bool {
    name.strip_prefix("language_model.").map_or_else(|| vision_name(name), text_name).is_some()
}

/// The GGUF name of a tensor of the text model.
pub fn text_name(name: &str) -> Option<String> {
    Some(match name {
        "model.embed_tokens.weight" => "token_embd.weight".into(),
        "model.norm.weight" => "output_norm.weight".into(),
        "lm_head.weight" => "output.weight".into(),
        _ => {
            let (layer, part) = name.strip_prefix("model.layers.")?.split_once('.')?;
            let part = match part {
                "input_layernorm.weight" => "attn_norm",
                "post_attention_layernorm.weight" => "ffn_norm",
                "self_attn.q_proj.weight" => "attn_q",
                "self_attn.k_proj.weight" => "attn_k",
                "self_attn.v_proj.weight" => "attn_v",
                "self_attn.o_proj.weight" => "attn_output",
                "mlp.gate_proj.weight" => "ffn_gate",
                "mlp.up_proj.weight" => "ffn_up",
                "mlp.down_proj.weight" => "ffn_down",
                _ => return None,
            };
            format!("blk.{layer}.{part}.weight")
        }
    })
}

/// The GGUF name of a tensor of a model of text alone.
pub fn plain_name(name: &str, family: Family) -> Option<String> {
    let (layer, part) = match name.strip_prefix("model.layers.").and_then(|rest| rest.split_once('.')) {
        Some((layer, part)) if layer.parse::<u32>().is_ok() => (layer, part),
        _ => return text_name(name).filter(|name| !name.starts_with("blk.")),
    };
    let part = match part {
        "self_attn.q_norm.weight" if family.norms_heads() => "attn_q_norm",
        "self_attn.k_norm.weight" if family.norms_heads() => "attn_k_norm",
        "post_attention_layernorm.weight" if family.norms_what_is_added() => "post_attention_norm",
        "pre_feedforward_layernorm.weight" if family.norms_what_is_added() => "ffn_norm",
        "post_feedforward_layernorm.weight" if family.norms_what_is_added() => "post_ffw_norm",
        _ => return text_name(name),
    };
    Some(format!("blk.{layer}.{part}.weight"))
}

/// What a tensor of a text model within a larger one is called where the text model stands alone:
/// transformers has written them in two orders. `None` for one of the other parts.
pub fn alone(name: &str) -> Option<String> {
    let others = ["vision_tower.", "multi_modal_projector."];
    if others.iter().any(|part| name.strip_prefix("model.").unwrap_or(name).starts_with(part)) {
        return None;
    }
    Some(match name.strip_prefix("model.language_model.") {
        Some(rest) => format!("model.{rest}"),
        None => name.strip_prefix("language_model.").unwrap_or(name).into(),
    })
}

/// The GGUF name of a tensor of the part that sees.
pub fn vision_name(name: &str) -> Option<String> {
    Some(match name {
        "vision_tower.patch_conv.weight" => "v.patch_embd.weight".into(),
        "vision_tower.ln_pre.weight" => "v.pre_ln.weight".into(),
        "multi_modal_projector.norm.weight" => "mm.input_norm.weight".into(),
        "multi_modal_projector.linear_1.weight" => "mm.1.weight".into(),
        "multi_modal_projector.linear_2.weight" => "mm.2.weight".into(),
        "multi_modal_projector.patch_merger.merging_layer.weight" => "mm.patch_merger.weight".into(),
        _ => {
            let (layer, part) = name.strip_prefix("vision_tower.transformer.layers.")?.split_once('.')?;
            let part = match part {
                "attention_norm.weight" => "ln1",
                "ffn_norm.weight" => "ln2",
                "attention.q_proj.weight" => "attn_q",
                "attention.k_proj.weight" => "attn_k",
                "attention.v_proj.weight" => "attn_v",
                "attention.o_proj.weight" => "attn_out",
                "feed_forward.gate_proj.weight" => "ffn_gate",
                "feed_forward.up_proj.weight" => "ffn_up",
                "feed_forward.down_proj.weight" => "ffn_down",
                _ => return None,
            };
            format!("v.blk.{layer}.{part}.weight")
        }
    })
}
