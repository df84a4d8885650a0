//! Every kind's blocks are read as another program reads them: `blocks/make.py` says which.

use crate::{Kind, unpack};

/// A kind, and what that program made of blocks of it.
macro_rules! read {
    ($($kind:ident $file:literal),+ $(,)?) => {
        [$((Kind::$kind, include_bytes!(concat!("blocks/", $file, ".bin")).as_slice())),+]
    };
}

#[test]
fn blocks_of_every_kind_are_read_as_elsewhere() {
    let all = read![
        Q4_0 "q4_0", Q4_1 "q4_1", Q5_0 "q5_0", Q5_1 "q5_1", Q8_0 "q8_0",
        Q2K "q2_k", Q3K "q3_k", Q4K "q4_k", Q5K "q5_k", Q6K "q6_k",
        Tq1_0 "tq1_0", Tq2_0 "tq2_0", Iq4Nl "iq4_nl", Iq4Xs "iq4_xs", Mxfp4 "mxfp4",
        Iq1S "iq1_s", Iq1M "iq1_m", Iq2Xxs "iq2_xxs", Iq2Xs "iq2_xs", Iq2S "iq2_s",
        Iq3Xxs "iq3_xxs", Iq3S "iq3_s",
    ];
    for (kind, file) in all {
        let (length, rest) = file.split_first_chunk::<4>().unwrap();
        let (blocks, theirs) = rest.split_at(u32::from_le_bytes(*length) as usize);
        let theirs: Vec<f32> =
            theirs.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        let mut ours = vec![0.0; theirs.len()];
        unpack(kind, blocks, &mut ours).unwrap();
        for (at, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            // One more rounding, where factors are multiplied in another order.
            assert!((ours - theirs).abs() <= theirs.abs() * 2e-7, "{kind:?} at {at}: {ours} for {theirs}");
        }
    }
}

#[test]
fn what_is_not_whole_blocks_is_said() {
    assert!(unpack(Kind::Q4_0, &[0; 18], &mut [0.0; 31]).is_err());
    assert!(unpack(Kind::Iq3S, &[0; 109], &mut [0.0; 256]).is_err());
    assert!(unpack(Kind::F32, &[0; 8], &mut [0.0; 1]).is_err());
}
