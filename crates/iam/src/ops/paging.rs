//! Pages of listings: `Marker`, `MaxItems`, `IsTruncated`. Source: facts: authorization.md 7.1.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::query::{Input, QueryError};

/// Items of a page that does not say.
const ITEMS_DEFAULT: u16 = 100;

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// The name of the last item of the page before; empty to begin.
    pub after: String,
    /// Items at most, 1 to 1000.
    pub items_max: u16,
}

/// A page, and where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The marker of the next page; `None` for the last.
    pub marker: Option<String>,
}

impl PageRequest {
    /// Reads `Marker` and `MaxItems`.
    ///
    /// # Errors
    /// `ValidationError` for a marker that is none of ours.
    pub fn read(input: &Input) -> Result<Self, QueryError> {
        let after = match input.text("Marker") {
            None => String::new(),
            Some(marker) => {
                opened(marker).ok_or_else(|| QueryError::validation("Invalid Marker"))?
            }
        };
        let items_max = input.integer("MaxItems");
        Ok(Self {
            after,
            items_max: items_max
                .and_then(|max| u16::try_from(max).ok())
                .unwrap_or(ITEMS_DEFAULT),
        })
    }

    /// The marker that begins behind this place.
    pub fn marker_of(&self, place: &str) -> String {
        closed(place)
    }

    /// How many items to read: one more than the page holds.
    pub fn limit(&self) -> u32 {
        u32::from(self.items_max) + 1
    }

    /// The page of items that were read behind `after`, in the order of their names.
    pub fn of_read<T>(&self, mut items: Vec<T>, name: impl Fn(&T) -> String) -> Page<T> {
        let is_truncated = items.len() > usize::from(self.items_max);
        items.truncate(usize::from(self.items_max));
        let marker = items
            .last()
            .filter(|_| is_truncated)
            .map(|last| closed(&name(last)));
        Page { items, marker }
    }

    /// The page of a whole list, in the order of its names without letter case.
    pub fn of_all<T>(&self, mut items: Vec<T>, name: impl Fn(&T) -> String) -> Page<T> {
        let place = |item: &T| name(item).to_lowercase();
        items.sort_by_cached_key(place);
        let after = self.after.to_lowercase();
        let behind = items
            .into_iter()
            .filter(|item| after.is_empty() || place(item) > after)
            .take(usize::from(self.items_max) + 1)
            .collect();
        self.of_read(behind, name)
    }
}

impl<T> Page<T> {
    /// The same with other items.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            marker: self.marker,
        }
    }
}

fn closed(name: &str) -> String {
    URL_SAFE_NO_PAD.encode(name)
}

fn opened(marker: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(marker).ok()?;
    String::from_utf8(bytes)
        .ok()
        .filter(|name| !name.contains('\0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other() {
        let names: Vec<_> = ["c", "B", "a"].map(str::to_owned).into();
        let first = PageRequest {
            after: String::new(),
            items_max: 2,
        };
        let page = first.of_all(names.clone(), Clone::clone);
        assert_eq!(page.items, ["a", "B"]);
        let second = PageRequest {
            after: opened(&page.marker.unwrap()).unwrap(),
            items_max: 2,
        };
        let page = second.of_all(names, Clone::clone);
        assert_eq!(page.items, ["c"]);
        assert_eq!(page.marker, None);
        assert_eq!(opened("%%"), None);
    }
}
