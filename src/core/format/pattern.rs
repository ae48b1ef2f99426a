//! Patterns of branch names, the same for all who use them.

use crate::error::{Error, Result};

/// Whether `name` is `pattern`, or matches it: `*` stands for any characters, `?` for one, `[a-z]` for one of these,
/// `[!a-z]` for one of all others. Names may have brackets, so a name always matches itself.
pub fn matches(pattern: &str, name: &str) -> bool {
    if pattern == name {
        return true;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    // behind the last star, and the place of the name that it was tried for: the only place ever to come back to
    let mut again = None;
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            p += 1;
            again = Some((p, n));
        } else if let Some(after) = one(&pattern[p..], name[n]) {
            p += after;
            n += 1;
        } else if let Some((behind, tried)) = again {
            again = Some((behind, tried + 1));
            (p, n) = (behind, tried + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// How long the beginning of the pattern is that stands for this one character; None if it does not.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match *pattern.first()? {
        '?' => Some(1),
        '[' => match set(pattern, c) {
            Some((len, found)) => found.then_some(len),
            None => (c == '[').then_some(1), // never closed
        },
        literal => (c == literal).then_some(1),
    }
}

/// Length of a set of characters, and whether it has this one.
fn set(pattern: &[char], c: char) -> Option<(usize, bool)> {
    let others = matches!(pattern.get(1), Some('!' | '^'));
    let first = 1 + usize::from(others);
    // a bracket that closes right away is one of the set
    let end = first + 1 + pattern.get(first + 1..)?.iter().position(|&c| c == ']')?;
    let mut members = &pattern[first..end];
    let mut found = false;
    while let [low, rest @ ..] = members {
        if let ['-', high, after @ ..] = rest {
            found |= (*low..=*high).contains(&c);
            members = after;
        } else {
            found |= *low == c;
            members = rest;
        }
    }
    Some((end + 1, found != others))
}

/// Fails for a pattern with a bracket that is never closed: whoever wrote it meant something else than that name.
pub fn check(pattern: &str) -> Result<()> {
    let all: Vec<char> = pattern.chars().collect();
    let mut p = 0;
    while p < all.len() {
        p += match all[p] {
            '[' => set(&all[p..], ' ').ok_or_else(|| Error::BadArgument("a [ in it is never closed".into()))?.0,
            _ => 1,
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{check, matches};

    #[test]
    fn brackets_are_closed() {
        assert!(["a[b]*", "x[!]]", "", "a]", "[[]"].iter().all(|good| check(good).is_ok()));
        assert!(["a[", "a[b", "[]", "[!]", "a[b]["].iter().all(|bad| check(bad).is_err()));
    }

    #[test]
    fn as_a_shell_has_them() {
        for (pattern, name) in [
            ("jet*_pt", "jet12_pt"),
            ("*", ""),
            ("**", "x"),
            ("a?c", "abc"),
            ("j[0-9]", "j7"),
            ("j[!0-9]", "jx"),
            ("j[^0-9]", "jx"),
            ("j[]x]", "j]"),
            ("x[3]", "x[3]"),
            ("x[3]", "x3"),
            ("x[", "x["),
            ("*a*b*c", "aabbabc"),
            ("*.pt", "leaf.pt"),
            ("p[a-]", "p-"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("jet*_pt", "jet_p"),
            ("a?c", "ac"),
            ("j[0-9]", "jx"),
            ("j[!0-9]", "j7"),
            ("x", "xy"),
            ("", "x"),
            ("*b", "abc"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_end_soon() {
        assert!(!matches(&"*a".repeat(40), &"b".repeat(4000)));
        assert!(!matches(&format!("{}c", "a*".repeat(40)), &"a".repeat(4000)));
    }
}
