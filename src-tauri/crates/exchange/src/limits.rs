//! How much of a file is read. What lies beyond ends with a sentence, never with a machine that
//! hangs. docs/limits.md says the same in words.

/// The longest file that becomes pages, in bytes: a book with its pictures.
pub const LONGEST_FILE: u64 = 200_000_000;

/// Entries of an archive.
pub(crate) const MOST_ENTRIES: usize = 20_000;
/// The longest part of an archive, in bytes when it is unpacked.
pub(crate) const LONGEST_PART: u64 = 64_000_000;
/// All parts of an archive that are read, together.
pub(crate) const LONGEST_PARTS: u64 = 256_000_000;

/// Pictures that one file brings.
pub(crate) const MOST_PICTURES: usize = 1_000;
/// One of them, and all together, in bytes; apart from the parts that are text.
pub(crate) const LONGEST_PICTURE: u64 = 50_000_000;
pub(crate) const LONGEST_PICTURES: u64 = 256_000_000;

/// Elements of XML within each other.
pub(crate) const DEEPEST_XML: usize = 256;
/// Open elements of HTML, or groups of RTF; deeper ones count as text of their surroundings.
pub(crate) const DEEPEST_MARKUP: usize = 256;
/// Attributes of one element.
pub(crate) const MOST_ATTRIBUTES: usize = 256;

/// About how many bytes of JSON one page takes: the store's own limit is 16 MiB.
pub(crate) const LONGEST_PAGE: usize = 12_000_000;
/// Pages that one file becomes.
pub(crate) const MOST_PAGES: usize = 5_000;
/// Sentences on what could not be taken.
pub(crate) const MOST_SENTENCES: usize = 100;
