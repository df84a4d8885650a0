use tokio::io::BufReader;

use super::*;

async fn all(text: &[u8], most: usize) -> Vec<Line> {
    let mut from = Lines::new(BufReader::with_capacity(3, text), most);
    let mut lines = Vec::new();
    while let Some(line) = from.next().await.unwrap() {
        lines.push(line);
    }
    lines
}

fn whole(text: &str) -> Line {
    Line::Whole(text.into())
}

#[tokio::test]
async fn lines_come_whole_the_last_without_an_end_too() {
    assert_eq!(all(b"one\n\nthree", 5).await, [whole("one"), whole(""), whole("three")]);
    assert_eq!(all(b"", 5).await, []);
}

#[tokio::test]
async fn a_line_that_is_too_long_is_passed_over_and_the_next_is_heard() {
    assert_eq!(all(b"far too long\nheard\n", 5).await, [Line::TooLong, whole("heard")]);
    assert_eq!(all(b"endless and endless", 5).await, [Line::TooLong]);
}

#[test]
fn more_than_a_model_can_write_is_too_fast() {
    let mut pace = Pace::new();
    assert!(pace.allows(100));
    assert!(!pace.allows(Pace::MOST_BYTES));
    let mut pace = Pace::new();
    pace.since += Duration::from_mins(1); // the second never ends
    assert!((0..Pace::MOST_LINES).all(|_| pace.allows(1)));
    assert!(!pace.allows(1));
}
