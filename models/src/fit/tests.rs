use super::*;
use crate::Catalog;

fn three_b() -> Weight {
    Weight::of(Catalog::built_in().find("ministral-3-3b").unwrap())
}

fn gb(tenths: u64) -> u64 {
    tenths * 100_000_000
}

#[test]
fn a_model_that_fits_is_said_to_fit() {
    let fit = fit(three_b(), Memory { total: gb(160), available: gb(90) });
    assert_eq!(fit.to_string(), "Needs about 3.1 GB, 9.0 GB are free: it fits.");
}

#[test]
fn short_memory_is_said_before_anything_is_loaded() {
    let fit = fit(three_b(), Memory { total: gb(80), available: gb(22) });
    assert_eq!(
        fit.to_string(),
        "Needs about 3.1 GB, 2.2 GB are free: close something, or take a smaller one."
    );
}

#[test]
fn a_machine_that_is_too_small_is_told_so() {
    let fit = fit(three_b(), Memory { total: gb(40), available: gb(30) });
    assert!(matches!(fit, Fit::No { .. }), "{fit}");
}

#[test]
fn what_fits_never_gets_worse_with_more_memory() {
    let rank = |fit| match fit {
        Fit::No { .. } => 0,
        Fit::Tight { .. } => 1,
        Fit::Well { .. } => 2,
    };
    for entry in Catalog::built_in().entries {
        let (mut last, mut longest) = (0, 0);
        for tenths in 5..400 {
            let fit = fit(Weight::of(&entry), Memory { total: gb(tenths), available: gb(tenths) / 2 });
            let context = context(Weight::of(&entry), gb(tenths) / 2, None);
            assert!(rank(fit) >= last && context >= longest, "{} at {tenths}", entry.id);
            (last, longest) = (rank(fit), context);
        }
        assert_eq!((last, longest), (2, 16_384));
    }
}

#[test]
fn the_length_in_mind_is_what_memory_holds() {
    let weight = three_b();
    assert_eq!(context(weight, 0, None), 2_048);
    assert_eq!(context(weight, weight.with(5_000), None), 4_608);
    assert_eq!(context(weight, gb(300), None), 16_384);
    assert_eq!(context(weight, gb(300), Some(65_536)), 65_536);
    assert_eq!(context(weight, gb(300), Some(8_000)), 7_680);
    assert_eq!(context(weight, u64::MAX, Some(u32::MAX)), 262_144);
}

#[test]
fn a_disk_keeps_a_little_to_itself() {
    assert_eq!(room(gb(21), gb(30)), Room::Enough);
    let short = room(gb(21), gb(22)).to_string();
    assert_eq!(short, "Needs 2.6 GB of disk, 2.2 GB are free: free some space, or choose another disk.");
}

/// A model of 24 thousand million weights, whose heads are not as wide as its width says, described
/// from its header alone: the file is all holes.
#[test]
fn a_model_of_24b_is_described_by_its_header() {
    use sotto_gguf::{Packing, write};

    let mut file = write::model(32, 1);
    file.tensors.clear();
    for (key, number) in [
        ("block_count", 40),
        ("context_length", 131_072),
        ("embedding_length", 5120),
        ("feed_forward_length", 32_768),
        ("attention.head_count", 32),
        ("attention.head_count_kv", 8),
        ("attention.key_length", 128),
        ("rope.dimension_count", 128),
    ] {
        file.set(&format!("mistral3.{key}"), number);
    }
    let mut add = |name: String, dimensions: &[u64], packing| {
        let (dimensions, bytes) = (dimensions.to_vec(), Vec::new());
        file.tensors.push(write::Written { name, dimensions, packing, bytes });
    };
    let (hidden, inner, kept, asking) = (5120, 32_768, 1024, 4096);
    add("token_embd.weight".into(), &[hidden, 32], Packing::Q4_K);
    add("output.weight".into(), &[hidden, 32], Packing::Q6_K);
    add("output_norm.weight".into(), &[hidden], Packing::F32);
    for layer in 0..40 {
        // As llama.cpp mixes Q4_K_M: every other layer keeps two matrices more exactly.
        let finer = if layer % 2 == 0 { Packing::Q6_K } else { Packing::Q4_K };
        for (part, dimensions, packing) in [
            ("attn_norm", vec![hidden], Packing::F32),
            ("ffn_norm", vec![hidden], Packing::F32),
            ("attn_q", vec![hidden, asking], Packing::Q4_K),
            ("attn_k", vec![hidden, kept], Packing::Q4_K),
            ("attn_v", vec![hidden, kept], finer),
            ("attn_output", vec![asking, hidden], Packing::Q4_K),
            ("ffn_gate", vec![hidden, inner], Packing::Q4_K),
            ("ffn_up", vec![hidden, inner], Packing::Q4_K),
            ("ffn_down", vec![inner, hidden], finer),
        ] {
            add(format!("blk.{layer}.{part}.weight"), &dimensions, packing);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Small-24B-Q4_K_M.gguf");
    let header = file.header();
    let whole = sotto_gguf::Header::read(header.as_slice()).unwrap().whole();
    std::fs::write(&path, header).unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(whole).unwrap();

    let found = crate::look(&path).unwrap();
    assert_eq!(found.shape, Shape { layers: 40, kv_heads: 8, head_size: 128, longest: 131_072 });
    assert_eq!(found.shape.kv_bytes(), 163_840);
    assert_eq!(found.bytes, whole);
    let weight = Weight { files: found.bytes, shape: found.shape };
    assert!((gb(128)..gb(140)).contains(&found.bytes), "{}", found.bytes);
    assert!(matches!(fit(weight, Memory { total: gb(160), available: gb(140) }), Fit::No { .. }));
    assert!(matches!(fit(weight, Memory { total: gb(240), available: gb(80) }), Fit::Tight { .. }));
    assert!(matches!(fit(weight, Memory { total: gb(320), available: gb(280) }), Fit::Well { .. }));
    assert_eq!(context(weight, gb(280), None), 16_384);
}
