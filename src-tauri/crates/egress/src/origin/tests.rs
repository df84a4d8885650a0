use super::*;

fn origin(address: &str) -> Origin {
    Origin::of(address).unwrap()
}

#[test]
fn an_origin_has_one_spelling() {
    for address in [
        "https://Example.com",
        "https://example.com:443/v1/models?x=1#y",
        "  https://EXAMPLE.com./  ",
        "https:example.com",
    ] {
        assert_eq!(origin(address).to_string(), "https://example.com", "{address}");
    }
    assert_eq!(origin("http://127.1:11434/v1").to_string(), "http://127.0.0.1:11434");
    assert_eq!(origin("http://0x7f000001:80").to_string(), "http://127.0.0.1");
    assert_eq!(origin("http://[0:0::1]:8080").to_string(), "http://[::1]:8080");
}

#[test]
fn another_scheme_host_or_port_is_another_origin() {
    let one = origin("https://example.com");
    for other in
        ["http://example.com", "https://example.com:8443", "https://api.example.com", "https://examp1e.com"]
    {
        assert_ne!(one, origin(other));
    }
}

#[test]
fn names_and_passwords_in_an_address_are_refused() {
    for address in ["https://user@example.com", "https://user:pass@example.com", "https://:pass@example.com"]
    {
        assert_eq!(Origin::of(address), Err(Refusal::UserInfo), "{address}");
    }
    // What looks like a host before the @ is a name.
    assert_eq!(Origin::of("https://huggingface.co@evil.example"), Err(Refusal::UserInfo));
}

#[test]
fn other_schemes_and_nonsense_are_refused() {
    for address in
        ["", "example.com", "/v1", "ftp://example.com", "file:///etc/passwd", "ws://example.com", "https://"]
    {
        assert_eq!(Origin::of(address), Err(Refusal::Address), "{address}");
    }
}

#[test]
fn reach_is_judged_by_the_name() {
    let cases = [
        ("http://localhost:11434", Reach::Device),
        ("http://api.localhost", Reach::Device),
        ("http://127.8.9.1", Reach::Device),
        ("http://[::1]", Reach::Device),
        ("http://[::ffff:127.0.0.1]", Reach::Device),
        ("http://0.0.0.0:1234", Reach::Device),
        ("http://192.168.1.5", Reach::Network),
        ("http://10.2.3.4", Reach::Network),
        ("http://169.254.169.254", Reach::Network),
        ("http://100.100.1.1", Reach::Network),
        ("http://[fd00::5]", Reach::Network),
        ("http://studio:8000", Reach::Network),
        ("http://studio.local", Reach::Network),
        ("https://example.com", Reach::World),
        ("https://93.184.216.34", Reach::World),
        ("https://localhost.example.com", Reach::World),
        ("https://127.0.0.1.example.com", Reach::World),
    ];
    for (address, reach) in cases {
        assert_eq!(origin(address).reach(), reach, "{address}");
    }
}

#[test]
fn an_origin_is_stored_as_its_text() {
    let text = String::from(origin("https://example.com:8443/v1"));
    assert_eq!(text, "https://example.com:8443");
    assert_eq!(Origin::try_from(text), Ok(origin("https://example.com:8443")));
}

#[test]
fn an_address_without_a_scheme_is_this_computers() {
    for (typed_in, meant) in [
        ("localhost:11434", "http://localhost:11434"),
        (" 127.0.0.1:8080/v1 ", "http://127.0.0.1:8080/v1"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("localhost", "http://localhost"),
        ("https://localhost:1", "https://localhost:1"),
    ] {
        assert_eq!(typed(typed_in), meant);
    }
    for further in ["api.example.com", "192.168.1.5:8080", "studio.local", "", "nonsense here"] {
        assert_eq!(typed(further), further);
    }
}
