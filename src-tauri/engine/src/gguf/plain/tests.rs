use serde_json::json;

use super::*;

fn llama(change: impl FnOnce(&mut Value)) -> Result<(Text, Option<Vec<f32>>), String> {
    let mut config = json!({
        "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32,
        "num_key_value_heads": 8, "num_hidden_layers": 32, "rms_norm_eps": 1e-5, "vocab_size": 128_256,
        "max_position_embeddings": 131_072, "hidden_act": "silu", "rope_theta": 500_000.0,
    });
    change(&mut config);
    Config::of(&config, Layout::Text(Family::Llama)).figures()
}

/// The figures of Llama 3.1's config.json, and what follows from them by its makers' code.
#[test]
fn llama_3_1_divides_slow_frequencies_and_leaves_fast_ones() {
    let scaling = json!({
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192,
    });
    let (text, divisors) = llama(|config| config["rope_scaling"] = scaling).unwrap();
    assert_eq!((text.head_size, text.tied), (128, false));
    let divisors = divisors.unwrap();
    let near = |at: usize, wanted: f32| (divisors[at] - wanted).abs() < 1e-3;
    assert!(
        near(0, 1.0) && near(28, 1.0) && near(32, 2.6945) && near(35, 8.0) && near(63, 8.0),
        "{divisors:?}"
    );
}

#[test]
fn what_is_not_known_of_a_folder_is_named() {
    for (key, value, named) in [
        ("rope_scaling", json!({"type": "dynamic", "factor": 2.0}), "its rope is dynamic"),
        ("rope_theta", Value::Null, "its rope has no base"),
        ("attention_bias", json!(true), "attention_bias"),
        ("hidden_act", json!("gelu"), "its gate is gelu"),
        ("num_key_value_heads", json!(0), "it has no num_key_value_heads"),
    ] {
        let said = llama(|config| config[key] = value).unwrap_err();
        assert!(said.contains(named), "{said}");
    }
}
