//! Who can be asked, as data. One more provider that speaks as `OpenAI` does is one more
//! entry in [`PROVIDERS`], made from [`Provider::new`]; no other code changes.

use crate::{Can, Dialect, TokenLimit};

/// One who answers for others, and what must be known to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provider {
    /// Its name in settings and records; never changes.
    pub id: &'static str,
    /// Its name for the person.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub words: &'static str,
    /// How it talks.
    pub dialect: Dialect,
    /// Where it is.
    pub base: Base,
    /// How the key is shown.
    pub auth: Auth,
    /// Whether it answers without a key.
    pub key: KeyNeed,
    /// How its models are learnt of.
    pub models: Models,
    /// How a key is tried.
    pub key_test: KeyTest,
    /// What it takes.
    pub can: Can,
    /// The page where keys are made.
    pub keys_page: Option<&'static str>,
    /// The page where bills are.
    pub bills_page: Option<&'static str>,
}

/// Where a provider is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// At one address.
    Fixed(&'static str),
    /// At an address for each region, with `{}` where its name goes.
    Region(&'static str),
    /// At an address for each customer, with `{}` where the name goes.
    Resource(&'static str),
    /// Wherever the user says.
    Own,
}

/// How a key is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer …`
    Bearer,
    /// A header of its own.
    Header(&'static str),
}

/// Whether a key is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyNeed {
    /// Always.
    Required,
    /// Only if the server was set up so.
    Optional,
}

/// How its models are learnt of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Models {
    /// From a list below the base address.
    Listed {
        /// Its path, below the base address.
        path: &'static str,
        /// What its prices mean.
        prices: Prices,
    },
    /// There is no list: the user types a name.
    Typed,
}

/// What the prices in a list of models mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prices {
    /// There are none, or none to rely on.
    None,
    /// US dollars for a million tokens.
    PerMillion,
    /// US dollars for one token.
    PerToken,
}

/// How a key is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTest {
    /// By asking for what only a good key may see, below the base address.
    Read(&'static str),
    /// By the shortest of questions to a model: what could be read is open to everybody,
    /// or does not exist.
    Question,
}

impl Provider {
    /// One that speaks as `OpenAI` does, at one address, with a key, a list of models that
    /// only a good key may see, and no habits of its own. Its `words`, a sentence about whose
    /// models these are and where, are for each to say.
    pub const fn new(id: &'static str, name: &'static str, base: &'static str) -> Self {
        Self {
            id,
            name,
            words: "",
            dialect: Dialect::OpenAi,
            base: Base::Fixed(base),
            auth: Auth::Bearer,
            key: KeyNeed::Required,
            models: Models::Listed { path: "/models", prices: Prices::None },
            key_test: KeyTest::Read("/models"),
            can: Can::USUAL,
            keys_page: None,
            bills_page: None,
        }
    }
}

/// The one with this id.
pub fn provider(id: &str) -> Option<Provider> {
    PROVIDERS.iter().find(|provider| provider.id == id).copied()
}

/// All that are known, in the order of the page where the user chooses.
pub const PROVIDERS: &[Provider] = &[
    Provider {
        words: "One key and one bill for open models, served by many companies. You choose which.",
        models: Models::Listed { path: "/models", prices: Prices::PerMillion },
        // Its list of models is open to everybody.
        key_test: KeyTest::Question,
        can: Can { bill_to: Some("X-HF-Bill-To"), routes: true, ..Can::USUAL },
        keys_page: Some(
            "https://huggingface.co/settings/tokens/new?ownUserPermissions=inference.serverless.write&tokenType=fineGrained",
        ),
        bills_page: Some("https://huggingface.co/settings/inference-providers/overview"),
        ..Provider::new("huggingface", "Hugging Face", "https://router.huggingface.co/v1")
    },
    Provider {
        words: "The makers of Ministral, in France. Their larger models answer here.",
        // It says what was used unasked, and once refused the question.
        can: Can { stream_options: false, ..Can::USUAL },
        keys_page: Some("https://console.mistral.ai/api-keys"),
        bills_page: Some("https://console.mistral.ai/billing"),
        ..Provider::new("mistral", "Mistral", "https://api.mistral.ai/v1")
    },
    Provider {
        words: "The makers of GPT, in the United States.",
        can: Can { token_limit: TokenLimit::MaxCompletionTokens, ..Can::USUAL },
        keys_page: Some("https://platform.openai.com/api-keys"),
        bills_page: Some("https://platform.openai.com/settings/organization/billing/overview"),
        ..Provider::new("openai", "OpenAI", "https://api.openai.com/v1")
    },
    Provider {
        words: "The makers of Claude, in the United States.",
        dialect: Dialect::Anthropic,
        auth: Auth::Header("x-api-key"),
        models: Models::Listed { path: "/models?limit=1000", prices: Prices::None },
        can: Can { schema: false, ..Can::USUAL },
        keys_page: Some("https://console.anthropic.com/settings/keys"),
        bills_page: Some("https://console.anthropic.com/settings/billing"),
        ..Provider::new("anthropic", "Anthropic", "https://api.anthropic.com/v1")
    },
    Provider {
        words: "One key and one bill for many makers' models.",
        models: Models::Listed { path: "/models", prices: Prices::PerToken },
        // Its list of models is open to everybody.
        key_test: KeyTest::Read("/key"),
        keys_page: Some("https://openrouter.ai/settings/keys"),
        bills_page: Some("https://openrouter.ai/settings/credits"),
        ..Provider::new("openrouter", "OpenRouter", "https://openrouter.ai/api/v1")
    },
    Provider {
        words: "Open models on chips of its own, very fast.",
        // It says what was used unasked, in a place of its own.
        can: Can { stream_options: false, ..Can::USUAL },
        keys_page: Some("https://console.groq.com/keys"),
        bills_page: Some("https://console.groq.com/settings/billing"),
        ..Provider::new("groq", "Groq", "https://api.groq.com/openai/v1")
    },
    Provider {
        words: "Open models, served in the United States.",
        keys_page: Some("https://app.fireworks.ai/settings/users/api-keys"),
        bills_page: Some("https://app.fireworks.ai/account/billing"),
        ..Provider::new("fireworks", "Fireworks", "https://api.fireworks.ai/inference/v1")
    },
    Provider {
        words: "Open models, served in the United States.",
        keys_page: Some("https://api.together.ai/settings/api-keys"),
        bills_page: Some("https://api.together.ai/settings/billing"),
        ..Provider::new("together", "Together", "https://api.together.xyz/v1")
    },
    Provider {
        words: "Models in your Amazon account, in the region you choose.",
        base: Base::Region("https://bedrock-runtime.{}.amazonaws.com/openai/v1"),
        models: Models::Typed,
        key_test: KeyTest::Question,
        keys_page: Some("https://console.aws.amazon.com/bedrock/home#/api-keys"),
        bills_page: Some("https://console.aws.amazon.com/billing/home"),
        ..Provider::new("bedrock", "AWS Bedrock", "")
    },
    Provider {
        words: "Models in your Microsoft account. The model is the name of your deployment.",
        base: Base::Resource("https://{}.openai.azure.com/openai/v1"),
        auth: Auth::Header("api-key"),
        models: Models::Typed,
        key_test: KeyTest::Question,
        can: Can { token_limit: TokenLimit::MaxCompletionTokens, ..Can::USUAL },
        keys_page: Some("https://ai.azure.com"),
        bills_page: Some("https://portal.azure.com/#view/Microsoft_Azure_CostManagement"),
        ..Provider::new("azure", "Azure", "")
    },
    Provider {
        words: "A server of your own: vLLM, SGLang, mistral.rs, llama-server, Ollama, LM Studio, \
                LiteLLM, or another that speaks as OpenAI does.",
        base: Base::Own,
        key: KeyNeed::Optional,
        ..Provider::new("own", "Your own server", "")
    },
];

#[cfg(test)]
mod tests;
