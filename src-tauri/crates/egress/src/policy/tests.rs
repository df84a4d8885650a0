use super::*;

fn open() -> Rules {
    Rules { offline_lock: false, cloud: true, confirmed: Vec::new() }
}

fn get(errand: Errand, address: &str) -> Departure {
    Departure::get(errand, address, "Example", "A test asks.").unwrap()
}

fn answer(contents: &[Content]) -> Errand {
    Errand::Answer {
        provider: "example".into(),
        model: "large".into(),
        contents: contents.iter().copied().collect(),
    }
}

fn consent(address: &str, contents: &[Content]) -> Consent {
    Consent {
        origin: Origin::of(address).unwrap(),
        provider: "example".into(),
        model: "large".into(),
        contents: contents.iter().copied().collect(),
    }
}

fn every_errand() -> [Errand; 5] {
    [
        Errand::ModelDownload,
        Errand::ModelDetails,
        Errand::ProviderModels,
        Errand::KeyTest,
        answer(&[Content::Messages]),
    ]
}

#[test]
fn the_offline_lock_refuses_everything_also_on_this_device() {
    let rules = Rules { offline_lock: true, ..open() };
    for address in ["https://example.com", "http://127.0.0.1:11434"] {
        let consent = consent(address, &[Content::Messages]);
        for errand in every_errand() {
            let refused = decide(get(errand, address), &rules, Some(&consent)).unwrap_err();
            assert_eq!(refused, Refusal::OfflineLock);
        }
    }
}

#[test]
fn with_the_cloud_off_only_models_are_fetched() {
    let rules = Rules { cloud: false, ..open() };
    let consent = consent("https://example.com", &[Content::Messages]);
    for errand in every_errand() {
        let models = matches!(errand, Errand::ModelDownload | Errand::ModelDetails);
        let decided = decide(get(errand, "https://example.com"), &rules, Some(&consent));
        assert_eq!(decided.err(), (!models).then_some(Refusal::CloudOff));
    }
}

#[test]
fn the_rules_of_somebody_who_set_nothing_have_the_cloud_off() {
    assert!(!Rules::default().cloud);
}

#[test]
fn an_answer_needs_consent_to_this_origin_provider_model_and_content() {
    let here = "https://example.com";
    let asked = || get(answer(&[Content::Messages, Content::Notes]), "https://example.com/v1/chat");
    let agreed = consent(here, &[Content::Messages, Content::Notes]);
    assert!(decide(asked(), &open(), Some(&agreed)).is_ok());

    let more = consent(here, &[Content::Messages, Content::Notes, Content::Pictures]);
    assert!(decide(asked(), &open(), Some(&more)).is_ok());

    let others = [
        None,
        Some(consent(here, &[Content::Messages])),
        Some(consent("https://example.com:8443", &[Content::Messages, Content::Notes])),
        Some(consent("http://example.com", &[Content::Messages, Content::Notes])),
        Some(Consent { provider: "other".into(), ..agreed.clone() }),
        Some(Consent { model: "larger".into(), ..agreed.clone() }),
    ];
    for other in others {
        let refused = decide(asked(), &open(), other.as_ref()).unwrap_err();
        assert_eq!(refused, Refusal::NotAgreed { recipient: "Example".into() }, "{other:?}");
    }
}

#[test]
fn a_server_on_this_device_needs_consent_too() {
    let decided = decide(get(answer(&[]), "http://127.0.0.1:11434/v1/chat"), &open(), None);
    assert!(matches!(decided, Err(Refusal::NotAgreed { .. })));
}

#[test]
fn unencrypted_is_for_this_device_and_for_what_the_user_confirmed() {
    let decided =
        |address: &str, rules: &Rules| decide(get(Errand::ModelDetails, address), rules, None).err();
    assert_eq!(decided("http://localhost:11434", &open()), None);
    assert_eq!(
        decided("http://example.com", &open()),
        Some(Refusal::NotEncrypted { host: "example.com".into() })
    );

    let lan = "http://192.168.1.5:8000";
    assert_eq!(decided(lan, &open()), Some(Refusal::NotConfirmed { host: "192.168.1.5".into() }));
    let confirmed = |address: &str| Rules { confirmed: vec![Origin::of(address).unwrap()], ..open() };
    assert_eq!(decided(lan, &confirmed(lan)), None);
    assert!(decided("http://192.168.1.5:8001", &confirmed(lan)).is_some(), "another port is another server");
    assert!(
        decided("https://192.168.1.5:8000", &open()).is_some(),
        "the user's, encrypted or not, is asked about"
    );

    // Confirming does not make a public address private.
    let public = "http://93.184.216.34";
    assert!(matches!(decided(public, &confirmed(public)), Some(Refusal::NotEncrypted { .. })));
}

#[test]
fn a_confirmed_name_is_held_to_the_users_network_when_it_is_not_encrypted() {
    let reach = |address: &str| {
        let rules = Rules { confirmed: vec![Origin::of(address).unwrap()], ..open() };
        allowed(&get(Errand::ModelDetails, address), &rules, None).unwrap()
    };
    assert_eq!(reach("http://gpu.example.com:8000"), Reach::Network);
    assert_eq!(reach("https://gpu.example.com:8000"), Reach::World);
    assert_eq!(reach("http://studio.local:8000"), Reach::Network);
}

#[test]
fn a_download_may_be_sent_on_outwards() {
    let first = get(Errand::ModelDownload, "https://hub.example/a/b").within(Some(ProjectId(3)), None);
    let next = first.onward("https://cdn.example/x?signature=1").unwrap();
    assert_eq!(next.origin().to_string(), "https://cdn.example");
    assert_eq!((next.errand, next.project), (Errand::ModelDownload, Some(ProjectId(3))));
    assert_eq!(first.onward("/c/d").unwrap().url.as_str(), "https://hub.example/c/d");
}

#[test]
fn nothing_is_sent_on_inwards_or_out_of_encryption() {
    let first = get(Errand::ModelDownload, "https://hub.example/a");
    for location in [
        "http://hub.example/a",
        "https://127.0.0.1/a",
        "https://localhost/a",
        "https://10.0.0.1/a",
        "https://a:b@cdn.example",
        "file:///etc/passwd",
        "https://",
    ] {
        assert_eq!(
            first.onward(location).unwrap_err(),
            Refusal::SentOn { host: "hub.example".into() },
            "{location}"
        );
    }
}

#[test]
fn what_the_user_writes_and_the_users_keys_are_never_sent_on() {
    for errand in every_errand() {
        let models = matches!(errand, Errand::ModelDownload | Errand::ModelDetails);
        assert_eq!(
            get(errand, "https://example.com").onward("https://example.com/elsewhere").is_ok(),
            models
        );
    }
    let post =
        Departure::post(Errand::ModelDetails, "https://example.com", vec![1], "Example", "A test.").unwrap();
    assert!(post.onward("/elsewhere").is_err());
}

#[test]
fn the_users_words_do_not_show_in_debug() {
    let body = b"Dear diary".to_vec();
    let address = "https://example.com/v1?token=private";
    let departure = Departure::post(Errand::ModelDetails, address, body, "Example", "A test asks.").unwrap();
    let shown = format!("{:?}", decide(departure, &open(), None).unwrap());
    assert!(shown.contains("example.com"), "{shown}");
    for hidden in ["private", "Dear", "68, 101"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

#[test]
fn servers_that_send_each_other_in_circles_are_left() {
    let mut departure = get(Errand::ModelDownload, "https://hub.example/0");
    for hop in 0..MOST_HOPS {
        departure = departure.onward(&format!("/{hop}")).unwrap();
    }
    assert!(departure.onward("/again").is_err());
}
