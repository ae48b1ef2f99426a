//! Bounds and patterns of branch names: what is read is what is written; patterns match as a plain matcher says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rootbaler::Bound;
use rootbaler::format::codec::Rule;
use rootbaler::format::pattern;
use rootbaler::values::quantiser::Quantiser;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (first, second) = text.split_once('\n').unwrap_or((&text, ""));
    if let Ok(bound) = first.parse::<Bound>() {
        let again = bound.to_string().parse::<Bound>();
        assert!(again.is_ok_and(|again| again == bound), "{bound}");
        if let Ok(quantiser) = Quantiser::of(bound) {
            assert!(quantiser.is_valid() && quantiser.bound() == bound, "{bound}");
        }
    }
    _ = Rule::new(second, first, first);

    assert!(pattern::matches(first, first));
    _ = pattern::check(first);
    let (pattern, name): (Vec<char>, Vec<char>) = (first.chars().collect(), second.chars().collect());
    // the plain one takes for ever where there are many stars
    if pattern.len() * name.len() <= 400 && pattern.iter().filter(|&&c| c == '*').count() <= 3 {
        assert_eq!(pattern::matches(first, second), first == second || is_match(&pattern, &name));
    }
});

/// As the documentation says it, and no faster.
fn is_match(pattern: &[char], name: &[char]) -> bool {
    let Some(&first) = pattern.first() else { return name.is_empty() };
    if first == '*' {
        return (0..=name.len()).any(|n| is_match(&pattern[1..], &name[n..]));
    }
    let Some((&c, rest)) = name.split_first() else { return false };
    match first {
        '?' => is_match(&pattern[1..], rest),
        '[' => match set(&pattern[1..]) {
            Some((members, after)) => is_member(members, c) && is_match(after, rest),
            None => c == '[' && is_match(&pattern[1..], rest),
        },
        _ => c == first && is_match(&pattern[1..], rest),
    }
}

/// What is between brackets, and what follows them. The first character may be a closing bracket, behind a negation,
/// too.
fn set(pattern: &[char]) -> Option<(&[char], &[char])> {
    let skipped = 1 + usize::from(matches!(pattern.first(), Some('!' | '^')));
    let end = (skipped..pattern.len()).find(|&at| pattern[at] == ']')?;
    Some((&pattern[..end], &pattern[end + 1..]))
}

fn is_member(members: &[char], c: char) -> bool {
    let (negated, members) = match members.split_first() {
        Some(('!' | '^', members)) => (true, members),
        _ => (false, members),
    };
    let (mut at, mut found) = (0, false);
    while at < members.len() {
        if at + 2 < members.len() && members[at + 1] == '-' {
            found |= members[at] <= c && c <= members[at + 2];
            at += 3;
        } else {
            found |= members[at] == c;
            at += 1;
        }
    }
    found != negated
}
