use std::net::TcpListener;

use super::*;

/// The same program without the bar gets everywhere: what is refused behind it is refused by it.
#[cfg(target_os = "linux")]
#[test]
fn without_a_bar_every_attempt_arrives() {
    let folder = std::env::temp_dir().join(format!("sotto-attempts-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("library.db");
    fs::write(&file, "a secret").unwrap();
    let (tcp, ipv6) = (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("[::1]:0").ok());
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let local = std::os::unix::net::UnixListener::bind(folder.join("ear")).unwrap();
    let shown = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let targets = Targets {
        tcp: tcp.local_addr().unwrap().to_string(),
        ipv6: ipv6.as_ref().map(|ear| ear.local_addr().unwrap().to_string()),
        udp: udp.local_addr().unwrap().to_string(),
        local: Some(shown(&folder.join("ear"))),
        file: shown(&file),
        planted: shown(&folder.join("planted")),
        app: std::process::id(),
    };
    let mut answer = Vec::new();
    let asked = serde_json::to_vec(&targets).unwrap();
    assert_eq!(serve(&*asked, &mut answer), ExitCode::SUCCESS);
    let tried: Vec<Tried> = serde_json::from_slice(&answer).unwrap();
    assert_eq!(tried.len(), 6 + usize::from(ipv6.is_some()));
    let refused: Vec<_> = tried.iter().filter(|one| one.refused).collect();
    assert!(refused.is_empty(), "{refused:?}");
    let mut heard = [0; 8];
    assert_eq!(udp.recv(&mut heard).unwrap(), 5);
    assert_eq!(local.accept().unwrap().0.read(&mut heard).unwrap(), 5);
    assert!(!folder.join("planted").exists(), "nothing is left lying about");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_no_list_of_targets_is_not_tried() {
    for asked in ["", "{}", "[]", "{\"tcp\":1}"] {
        let mut answer = Vec::new();
        assert_eq!(serve(asked.as_bytes(), &mut answer), ExitCode::FAILURE);
        assert!(answer.is_empty());
    }
}
