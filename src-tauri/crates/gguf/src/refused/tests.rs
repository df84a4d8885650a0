use super::*;

#[test]
fn what_stands_in_a_models_place_is_named() {
    for (beginning, looks) in [
        (&b""[..], Looks::Empty),
        (&[0; 100], Looks::Blank),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", Looks::Pointer),
        (b"\xef\xbb\xbf\n <!DOCTYPE html>", Looks::Page),
        (b"<html lang=en>", Looks::Page),
        (b"PK\x03\x04rest", Looks::Archive),
        (b"tjgg\x03\0\0\0", Looks::Older),
        (b"\x10\x01\0\0\0\0\0\0{\"a\"", Looks::Safetensors),
        (b"dear diary", Looks::Something),
    ] {
        assert_eq!(Looks::of(beginning), looks, "{beginning:?}");
    }
}

/// Each says which file, what is the matter, and what to do.
#[test]
fn every_reason_is_a_sentence() {
    let reasons = [
        Why::Missing,
        Why::Disk(io::Error::other("no")),
        Why::NotAModel(Looks::Pointer),
        Why::BigEndian,
        Why::Version(1),
        Why::Version(7),
        Why::BreaksOff,
        Why::CutShort { there: 1, whole: 2 },
        Why::Damaged("secret detail".into()),
        Why::Architecture("llama".into()),
        Why::OnlyVision,
        Why::Adapter,
        Why::Packed(Packing::IQ1_S),
        Why::CutsWords("gpt-4o".into()),
        Why::Lacks("a chat template".into()),
        Why::LeftOver("blk.0.attn_q.bias".into()),
        Why::Sized("token_embd.weight".into()),
        Why::Layers { said: 1, there: 2 },
        Why::Rope("longrope".into()),
        Why::PartMissing { file: "m-00002-of-00002.gguf".into(), of: 2 },
        Why::PartRenamed { number: 1, of: 2 },
        Why::PartOfAnother("m-00002-of-00002.gguf".into()),
        Why::AnotherSight("qwen3vl_merger".into()),
        Why::SightOfAnother,
    ];
    for why in reasons {
        let said = why.of(Path::new("/somewhere/poet.gguf")).to_string();
        assert!(said.starts_with("“poet.gguf” ") && said.ends_with('.'), "{said}");
        assert!(said.matches(". ").count() >= 1, "it says what to do: {said}");
        assert!(!said.contains("secret detail") && !said.contains("/somewhere"), "{said}");
        assert!(said.contains("damaged") == said.contains("is damaged and"), "{said}");
    }
}
