use std::path::Path;

use candle_core::{DType, Device, Result, Tensor};
use mistralrs_quant::{GivenDecoder, GivenShape};

use sotto_gguf::{Model, Text};

use super::Decoder;
use crate::gguf::Gguf;

const HIDDEN: usize = 256;

#[test]
fn the_layers_of_a_model_are_computed_here() {
    assert!(Decoder::new(&tiny(), &figures(), &shape()).unwrap().is_some());
}

#[test]
fn layers_that_are_not_what_the_model_says_are_left_to_mistral_rs() {
    let others = [
        GivenShape { heads: 7, ..shape() },
        GivenShape { kv_heads: 1, ..shape() },
        GivenShape { hidden: 512, ..shape() },
        GivenShape { layers: 99, ..shape() },
        GivenShape { head_dim: 8, ..shape() },
    ];
    for other in others {
        assert!(Decoder::new(&tiny(), &figures(), &other).unwrap().is_none());
    }
}

#[test]
fn positions_in_pieces_come_to_the_same_as_all_at_once() {
    let Some(decoder) = Decoder::new(&tiny(), &figures(), &shape()).unwrap() else { return };
    let stream: Vec<f32> =
        (0u16..40 * 256).map(|i| f32::from(i.wrapping_mul(40_503) >> 8) / 128.0 - 1.0).collect();
    let xs = Tensor::from_vec(stream, (1, 40, HIDDEN), &Device::Cpu).unwrap();
    for (dtype, most) in [(DType::F32, 1e-4), (DType::F16, 2e-2)] {
        let xs = xs.to_dtype(dtype).unwrap();
        let at_once = read(&decoder, &xs, &[40]);
        for pieces in [&[1, 38, 1][..], &[17, 23], &[39, 1]] {
            let in_pieces = read(&decoder, &xs, pieces);
            let off = at_once.iter().zip(&in_pieces).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(off < most, "{dtype:?} {pieces:?}: {off}");
        }
    }
}

#[test]
fn one_that_is_told_to_stop_goes_no_further() {
    let Some(decoder) = Decoder::new(&tiny(), &figures(), &shape()).unwrap() else { return };
    let xs = Tensor::zeros((1, 3, HIDDEN), DType::F32, &Device::Cpu).unwrap();
    let mut asked = 0;
    let mut stop = |_: usize, _: &Tensor, _: &Tensor| -> Result<Option<(Tensor, Tensor)>> {
        asked += 1;
        Ok(None)
    };
    decoder.forward(&xs, 0, 2..3, &mut stop).unwrap();
    assert_eq!(asked, 1);
}

/// The last position's row after all layers.
fn read(decoder: &Decoder, xs: &Tensor, pieces: &[usize]) -> Vec<f32> {
    let mut cache: Vec<Option<(Tensor, Tensor)>> = vec![None; shape().layers];
    let (mut start, mut last) = (0, Vec::new());
    for piece in pieces {
        let mut remember = |layer: usize, k: &Tensor, v: &Tensor| -> Result<Option<(Tensor, Tensor)>> {
            let all = match &cache[layer] {
                Some((keys, values)) => (Tensor::cat(&[keys, k], 2)?, Tensor::cat(&[values, v], 2)?),
                None => (k.clone(), v.clone()),
            };
            cache[layer] = Some(all.clone());
            Ok(Some(all))
        };
        let xs = xs.narrow(1, start, *piece).unwrap();
        let out = decoder.forward(&xs, start, *piece - 1..*piece, &mut remember).unwrap();
        last = out.flatten_all().unwrap().to_vec1().unwrap();
        start += piece;
    }
    last
}

fn tiny() -> Gguf {
    let model = model();
    Gguf::map(&model.files, &model.header).unwrap()
}

fn figures() -> Text {
    model().text
}

fn model() -> Model {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/ministral3-tiny");
    Model::open(&fixtures.join("tiny-f16.gguf")).unwrap()
}

fn shape() -> GivenShape {
    let text = model();
    let number =
        |key: &str| usize::try_from(text.header.integer(&format!("mistral3.{key}")).unwrap()).unwrap();
    let head_dim = number("attention.key_length");
    GivenShape {
        layers: number("block_count"),
        hidden: HIDDEN,
        heads: number("attention.head_count"),
        kv_heads: number("attention.head_count_kv"),
        head_dim,
        rms_norm_eps: 1e-5,
        inv_freq: (0..head_dim / 2).map(|_| 0.3).collect(),
        attention_factor: 1.0,
        query_scale: Some((0.1, 16)),
    }
}
