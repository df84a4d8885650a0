use super::*;

#[test]
fn numbers_of_8_bits_are_those_of_the_paper() {
    let known = [
        (0x00, 0.0),
        (0x01, 0.001_953_125),
        (0x07, 0.013_671_875),
        (0x08, 0.015_625),
        (0x38, 1.0),
        (0x3c, 1.5),
        (0xc0, -2.0),
        (0x7e, 448.0),
        (0xfe, -448.0),
    ];
    for (byte, number) in known {
        assert!((eight_bits(byte) - number).abs() < f32::EPSILON, "{byte:x}");
    }
    assert!(eight_bits(0x7f).is_nan() && eight_bits(0xff).is_nan());
}

#[test]
fn tensors_are_found_under_either_order_of_names() {
    for (name, asked) in [
        (
            "model.language_model.layers.3.mlp.up_proj.weight",
            "language_model.model.layers.3.mlp.up_proj.weight",
        ),
        ("model.vision_tower.ln_pre.weight", "vision_tower.ln_pre.weight"),
        ("model.multi_modal_projector.norm.weight", "multi_modal_projector.norm.weight"),
        ("lm_head.weight", "language_model.lm_head.weight"),
        ("language_model.model.norm.weight", "language_model.model.norm.weight"),
        ("language_model.lm_head.weight", "language_model.lm_head.weight"),
    ] {
        assert_eq!(asked_for(name.into()), asked);
        assert!(names::is_known(asked), "{asked}");
    }
    assert!(!names::is_known("language_model.model.layers.3.self_attn.q_proj.bias"));
}
