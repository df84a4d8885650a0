use std::io::{BufRead, Result};

/// What somebody asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its first line and its headers, as they came, with the empty line that ends them.
    pub head: String,
    /// What follows.
    pub body: Vec<u8>,
}

impl Request {
    /// The next one; `None` where the other side asks nothing more.
    ///
    /// # Errors
    /// What reading fails with.
    pub(crate) fn read(from: &mut impl BufRead) -> Result<Option<Self>> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if from.read_line(&mut head)? == 0 {
                return Ok(None);
            }
        }
        let mut request = Self { head, body: Vec::new() };
        let length = request.header("content-length").and_then(|length| length.parse().ok());
        request.body = vec![0; length.unwrap_or(0)];
        from.read_exact(&mut request.body)?;
        Ok(Some(request))
    }

    /// `GET`, `HEAD` or `POST`.
    pub fn method(&self) -> &str {
        self.head.split(' ').next().unwrap_or_default()
    }

    /// What is asked for, with what follows a question mark.
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// A header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (named, value) = line.split_once(':')?;
            named.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// The body, where it is text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
