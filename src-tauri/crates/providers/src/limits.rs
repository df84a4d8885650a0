//! What a model takes by its provider's own list, and how a question is held to it.

/// What a model is known to take. Nothing is known of many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// The most tokens it holds in mind, the question's and the answer's together.
    pub context: Option<u64>,
    /// The most tokens of one answer.
    pub longest_answer: Option<u64>,
    /// Whether it takes pictures.
    pub pictures: Option<bool>,
}

/// The least room that is asked for an answer: fewer tokens are refused by some.
const LEAST_ANSWER: u32 = 16;

impl Limits {
    /// The longest answer to ask for, where `wanted` tokens are wanted and the question has
    /// `given`.
    pub(crate) fn answer(&self, wanted: u32, given: u64) -> u32 {
        let room = self.context.map(|context| context.saturating_sub(given));
        let most = [room, self.longest_answer].into_iter().flatten().min();
        let most = most.map_or(u32::MAX, |most| u32::try_from(most).unwrap_or(u32::MAX));
        wanted.min(most.max(LEAST_ANSWER))
    }
}

/// The room for an answer that a refusal leaves, where it says how much the model holds: `asked`
/// tokens were too many, `given` are an estimate of the question's.
pub(crate) fn room_left(message: &str, asked: u32, given: u64) -> Option<u32> {
    let text = message.to_ascii_lowercase();
    let after = |words: &str| {
        let (_, rest) = text.split_once(words)?;
        let start = rest.find(|letter: char| letter.is_ascii_digit()).filter(|start| *start < 24)?;
        let digits: String = rest[start..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().ok()
    };
    let context = [
        "maximum context length",
        "context length",
        "context size",
        "context window",
        "n_ctx",
        "max_model_len",
    ];
    let context = context.into_iter().find_map(after);
    let answer = ["at most", "completion tokens limit"].into_iter().find_map(after);
    let left = context.map(|context| context.saturating_sub(given)).or(answer)?;
    let left = u32::try_from(left).ok()?;
    (LEAST_ANSWER..asked).contains(&left).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_no_longer_than_the_model_has_room_for() {
        let limits = |context, longest_answer| Limits { context, longest_answer, pictures: None };
        assert_eq!(limits(None, None).answer(8192, 10), 8192);
        assert_eq!(limits(Some(4096), None).answer(8192, 96), 4000);
        assert_eq!(limits(Some(131_072), Some(4096)).answer(8192, 96), 4096);
        assert_eq!(limits(Some(4096), None).answer(8192, 1 << 40), LEAST_ANSWER);
        assert_eq!(limits(Some(u64::MAX), Some(0)).answer(8192, u64::MAX), LEAST_ANSWER);
    }

    #[test]
    fn a_refusal_that_names_the_context_leaves_room() {
        for (message, left) in [
            (
                "This model's maximum context length is 4096 tokens. However, you requested 8202 tokens (10 in the \
                 messages, 8192 in the completion).",
                Some(3996),
            ),
            (
                "'max_tokens' is too large: 8192. This model's maximum context length is 4096 tokens and your request \
                 has 5 input tokens (8192 > 4096 - 5).",
                Some(3996),
            ),
            ("max_tokens is too large: 8192. This model supports at most 4096 completion tokens", Some(4096)),
            ("the request exceeds the available context size (4096 tokens), try increasing it", Some(3996)),
            ("the prompt is too long", None),
            ("maximum context length is 131072 tokens", None),
            ("maximum context length is 99999999999999999999999 tokens", None),
        ] {
            assert_eq!(room_left(message, 8192, 100), left, "{message}");
        }
        assert_eq!(
            room_left("maximum context length is 4096 tokens", 8192, 5000),
            None,
            "the question alone fills it"
        );
    }
}
