//! Folders as people have them: other names for the rope, packed weights, templates of
//! every sort. Computed right, or refused with a sentence.

#![allow(clippy::unwrap_used)] // in helpers too

mod app;

use std::{collections::BTreeMap, fs, path::Path};

use app::{Answer, App, TestDir, WRITER, ask, assert_alike, change, copy, load, model, user};
use serde_json::{Value, json};

/// A copy of the tiny model's folder after `change`.
fn changed(change: impl FnOnce(&Path)) -> TestDir {
    let folder = TestDir::new();
    copy(&model(), folder.path());
    change(folder.path());
    folder
}

fn answer(folder: &Path) -> Answer {
    let mut app = App::greeted();
    let loaded = app.last_of(load(folder, 1024));
    assert_eq!(loaded["type"], "loaded", "{loaded}");
    ask(&mut app, &json!([user(WRITER)]))
}

/// Why a folder is not opened.
fn refused(folder: &Path) -> String {
    let failed = App::greeted().last_of(load(folder, 1024));
    assert_eq!(failed["kind"], "model_unsupported", "{failed}");
    failed["message"].as_str().unwrap().into()
}

#[test]
fn a_rope_is_read_under_its_older_names() {
    let older = |config: &mut Value| {
        let text = config["text_config"].as_object_mut().unwrap();
        let mut rope = text.remove("rope_parameters").unwrap();
        text.insert("rope_theta".into(), rope.as_object_mut().unwrap().remove("rope_theta").unwrap());
        rope.as_object_mut().unwrap().remove("rope_type");
        text.insert("rope_scaling".into(), rope);
    };
    let folder = changed(|folder| change(folder, "config.json", older));
    assert_alike(&answer(folder.path()), &answer(&model()), "older names");
}

#[test]
fn a_rope_that_is_not_known_is_refused() {
    let ropes = [
        json!({"rope_type": "linear", "factor": 4.0, "rope_theta": 1e6}),
        json!({"rope_type": "yarn", "rope_theta": 1e6}),
        json!({"rope_type": "yarn", "factor": 4.0, "rope_theta": 1e6, "truncate": false}),
        json!({"rope_type": "default"}),
        Value::Null,
    ];
    for rope in ropes {
        let folder = changed(|folder| {
            change(folder, "config.json", |config| config["text_config"]["rope_parameters"] = rope.clone());
        });
        let said = refused(folder.path());
        assert!(said.contains("rope"), "{rope}: {said}");
    }
}

#[test]
fn weights_of_8_bits_are_multiplied_by_their_scales() {
    for together in [None, Some(64)] {
        let packed = changed(|folder| pack(folder, together, false));
        let unpacked = changed(|folder| pack(folder, together, true));
        assert_alike(&answer(packed.path()), &answer(unpacked.path()), "8 bits");
    }
}

#[test]
fn tensors_that_nobody_would_use_are_refused_by_name() {
    let with = |name: &str, dtype: &str, length: usize| {
        let (name, dtype) = (name.to_owned(), dtype.to_owned());
        changed(move |folder| {
            let mut tensors = tensors(folder);
            tensors.insert(name, (dtype, vec![length], vec![0; length * 2]));
            write(folder, &tensors);
        })
    };
    let scale = "language_model.model.layers.0.mlp.up_proj.a_scale";
    let beyond = "language_model.model.layers.2.input_layernorm.weight";
    let bias = "language_model.model.layers.0.self_attn.q_proj.bias";
    for (name, named) in [(bias, bias), (scale, scale), (beyond, "layer 2")] {
        let said = refused(with(name, "F16", 256).path());
        assert!(said.contains(named), "{name}: {said}");
    }
    let odd = with("language_model.model.norm.weight", "I16", 256);
    assert!(refused(odd.path()).contains("I16"));
}

#[test]
fn fewer_layers_than_there_are_is_refused() {
    let folder = changed(|folder| {
        change(folder, "config.json", |config| config["text_config"]["num_hidden_layers"] = json!(1));
    });
    assert!(refused(folder.path()).contains("layer 1"));
}

/// Some editors put a mark before a text. It is no part of it: in a template it would stand before
/// every prompt.
#[test]
fn a_mark_before_a_file_changes_nothing() {
    let folder = changed(|folder| {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "json" || extension == "jinja") {
                let text = fs::read(&path).unwrap();
                fs::write(&path, [b"\xef\xbb\xbf".as_slice(), &text].concat()).unwrap();
            }
        }
    });
    assert_alike(&answer(folder.path()), &answer(&model()), "marked");
}

/// The same layers under the names of a model of text alone, computed by our own kernels.
#[test]
fn a_folder_of_text_alone_is_answered_as_the_same_model() {
    let plain = json!({"rope_type": "default", "rope_theta": 1e6});
    let alone = alone(|config| {
        config["architectures"] = json!(["MistralForCausalLM"]);
        config["rope_parameters"] = plain.clone();
    });
    let whole = changed(|folder| {
        change(folder, "config.json", |config| config["text_config"]["rope_parameters"] = plain.clone());
    });
    assert_alike(&answer(alone.path()), &answer(whole.path()), "text alone");
    // A tensor that nobody knows is named, here too.
    let mut odd = tensors(alone.path());
    odd.insert("model.layers.0.self_attn.q_proj.bias".into(), ("F16".into(), vec![2], vec![0; 4]));
    write(alone.path(), &odd);
    assert!(refused(alone.path()).contains("q_proj.bias"));
}

/// Ministral 3's text model by itself, its rope stretched and its queries scaled.
#[test]
fn ministral_3_of_text_alone_is_answered_as_the_whole_model() {
    let text = alone(|config| config["architectures"] = json!(["Ministral3ForCausalLM"]));
    assert_alike(&answer(text.path()), &answer(&model()), "Ministral 3");
    // With other figures it is another model: they are heeded.
    let other = alone(|config| {
        config["architectures"] = json!(["Ministral3ForCausalLM"]);
        config["rope_parameters"]["factor"] = json!(2.0);
    });
    assert_ne!(answer(other.path()).steps, answer(text.path()).steps);
    for (key, value) in
        [("truncate", json!(false)), ("attention_factor", json!(1.2)), ("rope_theta", json!(0))]
    {
        let odd = alone(|config| {
            config["architectures"] = json!(["Ministral3ForCausalLM"]);
            config["rope_parameters"][key] = value;
        });
        assert!(refused(odd.path()).contains("rope"), "{key}");
    }
}

/// The text model of the tiny model's folder by itself, its config after `change`.
fn alone(change_config: impl FnOnce(&mut Value)) -> TestDir {
    changed(|folder| {
        let tensors = tensors(folder).into_iter().filter_map(|(name, tensor)| {
            let rest = name.strip_prefix("language_model.model.");
            let rest = rest.or_else(|| name.strip_prefix("model.language_model."))?;
            Some((format!("model.{rest}"), tensor))
        });
        write(folder, &tensors.collect());
        change(folder, "config.json", |config| {
            *config = config["text_config"].take();
            config["hidden_act"] = json!("silu");
            config["tie_word_embeddings"] = json!(true);
            change_config(config);
        });
    })
}

/// The app hears of thoughts that a template begins for the model as of those it begins itself.
#[test]
fn thoughts_that_the_template_begins_are_begun_in_the_answer() {
    let folder = changed(|folder| {
        let file = folder.join("chat_template.jinja");
        let template = fs::read_to_string(&file).unwrap();
        fs::write(file, template + "<think>\n").unwrap();
    });
    let mut app = App::greeted();
    assert_eq!(app.last_of(load(folder.path(), 1024))["type"], "loaded");
    assert!(app.answer(WRITER).starts_with("<think>"));
    // What the user writes begins no thought.
    let mut app = App::with_model();
    assert!(!app.answer("<think>").starts_with("<think>"));
}

#[test]
fn a_template_that_cannot_be_followed_is_said_when_the_model_is_opened() {
    for template in ["{% for %}", "{{ bos_token }}[INST][/INST]", "{{ raise_exception('never') }}"] {
        let folder = changed(|folder| fs::write(folder.join("chat_template.jinja"), template).unwrap());
        assert!(refused(folder.path()).contains("chat template"), "{template}");
    }
}

#[test]
fn a_template_without_end_ends_the_engine_with_a_sentence() {
    let template = "{% set ns = namespace(a='aaaaaaaa') %}{% for i in range(60) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}";
    let folder = changed(|folder| fs::write(folder.join("chat_template.jinja"), template).unwrap());
    let mut app = App::greeted();
    let failed = app.last_of(load(folder.path(), 1024));
    assert_eq!(failed["kind"], "model_unsupported");
    assert!(failed["message"].as_str().unwrap().contains("does not come to an end"), "{failed}");
    assert_eq!(app.end(), Some(4));
}

/// Type, shape and bytes, by name.
type Tensors = BTreeMap<String, (String, Vec<usize>, Vec<u8>)>;

fn tensors(folder: &Path) -> Tensors {
    let bytes = fs::read(folder.join("model.safetensors")).unwrap();
    let (length, rest) = bytes.split_first_chunk().unwrap();
    let (header, data) = rest.split_at(usize::try_from(u64::from_le_bytes(*length)).unwrap());
    let header: BTreeMap<String, Value> = serde_json::from_slice(header).unwrap();
    let tensors = header.into_iter().filter(|(name, _)| name != "__metadata__");
    tensors
        .map(|(name, tensor)| {
            let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
            let [from, to] = [0, 1].map(|at| number(&tensor["data_offsets"][at]));
            let shape = tensor["shape"].as_array().unwrap().iter().map(number).collect();
            (name, (tensor["dtype"].as_str().unwrap().into(), shape, data[from..to].to_vec()))
        })
        .collect()
}

fn write(folder: &Path, tensors: &Tensors) {
    let (mut header, mut data) = (BTreeMap::new(), Vec::new());
    for (name, (dtype, shape, bytes)) in tensors {
        let from = data.len();
        data.extend(bytes);
        header.insert(name, json!({"dtype": dtype, "shape": shape, "data_offsets": [from, data.len()]}));
    }
    let header = serde_json::to_vec(&header).unwrap();
    let all = [(header.len() as u64).to_le_bytes().as_slice(), &header, &data].concat();
    fs::write(folder.join("model.safetensors"), all).unwrap();
}

/// Packs the text model's matrices into 8 bits, or writes the numbers that those stand for.
/// A scale is for the whole matrix, or for squares of it.
fn pack(folder: &Path, together: Option<usize>, unpacked: bool) {
    let mut packed = tensors(folder);
    let table: [f32; 256] = std::array::from_fn(|code| number(u8::try_from(code).unwrap()));
    for (name, (_, shape, bytes)) in tensors(folder) {
        if !name.contains(".layers.") || !name.starts_with("language_model") || !name.ends_with("proj.weight")
        {
            continue;
        }
        let numbers: Vec<f32> =
            bytes.as_chunks().0.iter().map(|b| half::f16::from_le_bytes(*b).to_f32()).collect();
        let [rows, columns] = shape[..] else { panic!("{name} is no matrix") };
        let [r, c] = together.map_or([rows, columns], |size| [size, size]);
        let across = columns.div_ceil(c);
        // Scales that differ, so that a wrong one shows.
        let scales: Vec<f32> = (0_u16..)
            .take(rows.div_ceil(r) * across)
            .map(|i| half::bf16::from_f32(0.002 + 0.0001 * f32::from(i)).to_f32())
            .collect();
        let scale = |at: usize| scales[at / columns / r * across + at % columns / c];
        let codes: Vec<u8> =
            numbers.iter().enumerate().map(|(at, number)| nearest(number / scale(at), &table)).collect();
        if unpacked {
            let whole =
                codes.iter().enumerate().flat_map(|(at, code)| (number(*code) * scale(at)).to_le_bytes());
            packed.insert(name, ("F32".into(), shape, whole.collect()));
            continue;
        }
        let beside = |what: &str| name.replace("proj.weight", &format!("proj.{what}"));
        let bytes = scales.iter().flat_map(|scale| half::bf16::from_f32(*scale).to_le_bytes()).collect();
        let squares = if together.is_some() { vec![rows.div_ceil(r), across] } else { Vec::new() };
        packed.insert(beside("weight_scale_inv"), ("BF16".into(), squares, bytes));
        packed.insert(beside("activation_scale"), ("BF16".into(), Vec::new(), vec![0x4d, 0x3d]));
        packed.insert(name, ("F8_E4M3".into(), shape, codes));
    }
    write(folder, &packed);
    if !unpacked {
        let how = json!({"quant_method": "fp8", "weight_block_size": together.map(|size| [size, size])});
        change(folder, "config.json", |config| config["quantization_config"] = how);
    }
}

/// What a byte stands for: a sign, four bits of exponent, three after the point.
fn number(code: u8) -> f32 {
    let (exponent, fraction) = (i32::from(code >> 3 & 15), f32::from(code & 7));
    let size = if exponent == 0 { fraction / 512.0 } else { (8.0 + fraction) * 2_f32.powi(exponent - 10) };
    if code >> 7 == 1 { -size } else { size }
}

fn nearest(wanted: f32, numbers: &[f32; 256]) -> u8 {
    let codes = (0..=255_u8).filter(|code| code & 0x7f != 0x7f);
    let off = |code: &u8| (numbers[usize::from(*code)] - wanted).abs();
    codes.min_by(|a, b| off(a).total_cmp(&off(b))).unwrap()
}
