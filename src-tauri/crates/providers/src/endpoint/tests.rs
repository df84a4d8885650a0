use super::*;
use crate::provider;

fn at(id: &str, place: &str) -> Result<String, ProviderError> {
    Endpoint::at(provider(id).unwrap(), place).map(|endpoint| endpoint.base().to_owned())
}

#[test]
fn a_region_or_a_resource_goes_where_the_address_is_open() {
    assert_eq!(
        at("bedrock", "eu-central-1").unwrap(),
        "https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1"
    );
    assert_eq!(at("azure", "salt-road").unwrap(), "https://salt-road.openai.azure.com/openai/v1");
}

#[test]
fn a_region_or_a_resource_cannot_lead_to_another_host() {
    let long = "a".repeat(64);
    for bad in ["", "evil.example/", "a.b", "x@evil", "-a", "a-", "a b", "ä", "a#", long.as_str()] {
        assert!(matches!(at("bedrock", bad), Err(ProviderError::BadRegion)), "{bad}");
        assert!(matches!(at("azure", bad), Err(ProviderError::BadResource)), "{bad}");
    }
}

#[test]
fn what_the_user_pastes_for_the_users_own_server_is_understood() {
    for pasted in [
        "http://localhost:11434",
        "http://localhost:11434/",
        "http://localhost:11434/v1/",
        " http://localhost:11434/v1/chat/completions ",
        "http://localhost:11434/v1/models",
    ] {
        assert_eq!(at("own", pasted).unwrap(), "http://localhost:11434/v1", "{pasted}");
    }
    assert_eq!(at("own", "https://ai.example.org/team/api").unwrap(), "https://ai.example.org/team/api");
}

#[test]
fn an_address_with_a_name_or_a_question_in_it_is_refused() {
    for bad in [
        "",
        "ai.example.org:11434",
        "ftp://a/v1",
        "https://me:secret@a.example/v1",
        "https://a.example/v1?key=k",
    ] {
        assert!(matches!(at("own", bad), Err(ProviderError::Refusal(_))), "{bad}");
    }
}

#[test]
fn an_organisation_pays_only_where_that_is_possible_and_cannot_smuggle_a_header() {
    let router = Endpoint::at(provider("huggingface").unwrap(), "").unwrap();
    assert_eq!(router.clone().billed_to(" salt-road ").unwrap().bill_to(), Some("salt-road"));
    assert_eq!(router.clone().billed_to("").unwrap().bill_to(), None);
    assert!(router.billed_to("a\r\nX-Evil: 1").is_err());
    assert!(Endpoint::at(provider("groq").unwrap(), "").unwrap().billed_to("salt-road").is_err());
}

#[test]
fn what_runs_on_this_computer_is_not_called_a_server() {
    let own = |place| Endpoint::at(provider("own").unwrap(), place).unwrap();
    let here = own("localhost:11434");
    assert_eq!(here.name(), "Another program on this computer");
    assert_eq!(here.in_sentence(), "another program on this computer");
    let near = own("http://192.168.1.5:8080");
    assert_eq!((near.name(), near.in_sentence()), ("Your own server", "your own server"));
    let router = Endpoint::at(provider("huggingface").unwrap(), "").unwrap();
    assert_eq!((router.name(), router.in_sentence()), ("Hugging Face", "Hugging Face"));
}

#[test]
fn a_server_on_this_computer_needs_no_scheme() {
    let own = |place| Endpoint::at(provider("own").unwrap(), place);
    assert_eq!(own("localhost:11434").unwrap().base(), "http://localhost:11434/v1");
    assert_eq!(own("127.0.0.1:8080/v1/models").unwrap().base(), "http://127.0.0.1:8080/v1");
    assert_eq!(own("localhost:11434").unwrap().who(), "The other program on this computer");
    let refused = own("192.168.1.5:8080").unwrap_err().to_string();
    assert!(refused.contains("http://"), "{refused}");
}
