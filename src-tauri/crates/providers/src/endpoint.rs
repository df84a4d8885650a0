//! One place to ask: a provider, and where it is found.

use sotto_egress::{Origin, Reach, typed};

use crate::{Base, Provider, ProviderError};

/// A provider and its address. Its key is kept for its [`origin`](Self::origin), so that
/// another address is never shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    provider: Provider,
    base: String,
    origin: Origin,
    bill_to: Option<String>,
}

impl Endpoint {
    /// `place` is what the provider's [`Base`] leaves open: a region, a resource's name, or
    /// the address of the user's own server as they typed it; nothing where all is known.
    pub fn at(provider: Provider, place: &str) -> Result<Self, ProviderError> {
        let place = place.trim();
        let base = match provider.base {
            Base::Fixed(base) => base.to_owned(),
            Base::Region(base) if is_label(place) => base.replace("{}", place),
            Base::Region(_) => return Err(ProviderError::BadRegion),
            Base::Resource(base) if is_label(place) => base.replace("{}", place),
            Base::Resource(_) => return Err(ProviderError::BadResource),
            Base::Own => own(place)?,
        };
        let origin = Origin::of(&base).map_err(ProviderError::Refusal)?;
        Ok(Self { provider, base, origin, bill_to: None })
    }

    /// The same, on the bill of an organisation; its own bill where the name is blank.
    pub fn billed_to(mut self, organisation: &str) -> Result<Self, ProviderError> {
        let name = organisation.trim();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if self.provider.can.bill_to.is_none() || name.len() > 96 || !name.bytes().all(plain) {
            return Err(ProviderError::BadOrganisation);
        }
        self.bill_to = (!name.is_empty()).then(|| name.to_owned());
        Ok(self)
    }

    /// Who answers there.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// What who answers there is called, shown and written down as. What runs on this computer is
    /// not elsewhere, and nobody's server.
    pub fn name(&self) -> &'static str {
        if self.is_on_this_computer() { "Another program on this computer" } else { self.provider.name }
    }

    /// The same in the middle of a sentence.
    pub fn in_sentence(&self) -> &'static str {
        match self.provider.base {
            Base::Own if self.is_on_this_computer() => "another program on this computer",
            Base::Own => "your own server",
            Base::Fixed(_) | Base::Region(_) | Base::Resource(_) => self.provider.name,
        }
    }

    /// Who answers there, at the beginning of a sentence about the one that was asked.
    pub fn who(&self) -> &'static str {
        if self.is_on_this_computer() { "The other program on this computer" } else { self.provider.name }
    }

    fn is_on_this_computer(&self) -> bool {
        self.provider.base == Base::Own && self.origin.reach() == Reach::Device
    }

    /// Whether it is the user's own, and may take its time.
    pub(crate) fn is_own(&self) -> bool {
        self.provider.base == Base::Own
    }

    /// Where that is. Keys are bound to it.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The address below which everything lies, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The organisation that pays, if one does.
    pub fn bill_to(&self) -> Option<&str> {
        self.bill_to.as_deref()
    }

    /// The address of something below the base.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

/// A part of a host's name: nothing that could make it another host.
fn is_label(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&name.len())
        && name.bytes().all(inner)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// People paste what they find: with a slash at the end, with the path of one call, or
/// without the `/v1` that all these servers have.
fn own(address: &str) -> Result<String, ProviderError> {
    if address.contains(['?', '#']) {
        return Err(ProviderError::Refusal(sotto_egress::Refusal::Address));
    }
    let address = &*typed(address);
    let address = address.trim_end_matches('/');
    let known = ["/chat/completions", "/completions", "/models"];
    let address = known.into_iter().find_map(|call| address.strip_suffix(call)).unwrap_or(address);
    let bare = address.split_once("://").is_some_and(|(_, rest)| !rest.contains('/'));
    Ok(if bare { format!("{address}/v1") } else { address.to_owned() })
}

#[cfg(test)]
mod tests;
