use std::io::{BufReader, PipeReader, pipe};

use sotto_engine_protocol::{FailureKind, decode};

use super::*;

#[test]
fn a_line_over_the_limit_is_passed_over_and_the_next_is_read() {
    let long = "x".repeat(MAX_FRAME_BYTES + 10);
    let text = format!("one\n{long}\ntwo");
    let lines: Vec<_> = Lines::new(BufReader::new(text.as_bytes())).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0].as_ref().unwrap(), b"one\n");
    assert!(matches!(lines[1], Err(FrameError::TooLong(_))));
    assert_eq!(lines[2].as_ref().unwrap(), b"two");
}

#[test]
fn an_open_run_can_be_cancelled_and_a_finished_one_cannot() {
    let (answers, _said) = answers();
    let (stop, stopped) = mpsc::channel();
    answers.begin(RunId(4), stop);
    answers.cancel(RunId(5));
    assert!(stopped.try_recv().is_err());
    answers.cancel(RunId(4));
    assert!(matches!(stopped.try_recv(), Ok(Event::Cancelled)));

    answers.send(&FromEngine::Unloaded { run: RunId(4) });
    answers.cancel(RunId(4));
    assert!(matches!(stopped.try_recv(), Err(mpsc::TryRecvError::Disconnected)));
}

#[test]
fn a_pulse_is_felt_while_a_run_is_open_and_never_after_its_end() {
    let (answers, mut said) = answers();
    answers.keep_pulse();
    let (stop, _stopped) = mpsc::channel();
    answers.begin(RunId(1), stop.clone());
    assert_eq!(said.next(), Some(FromEngine::Pulse { run: RunId(1) }));

    answers.begin(RunId(2), stop);
    let end = FromEngine::Failed { run: Some(RunId(1)), kind: FailureKind::Internal, message: "end".into() };
    answers.send(&end);
    let after: Vec<_> = said.by_ref().skip_while(|message| *message != end).skip(1).take(2).collect();
    assert_eq!(after, [FromEngine::Pulse { run: RunId(2) }, FromEngine::Pulse { run: RunId(2) }]);
}

fn answers() -> (Arc<Answers>, impl Iterator<Item = FromEngine>) {
    let (read, write) = pipe().unwrap();
    let lines = Lines::<BufReader<PipeReader>>::new(BufReader::new(read));
    (Answers::new(write), lines.map(|line| decode(&line.unwrap()).unwrap()))
}
