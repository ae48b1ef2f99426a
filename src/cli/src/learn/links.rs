//! Branches that point into another group, by the names that CMS gives them: `Jet_genJetIdx` has places in `GenJet_pt`
//! and all else that `nGenJet` counts.

use super::group::{ForeignColumn, Group, Key};
use crate::bridge::is_float;

/// More of them cost more time than they gain.
const MOST: usize = 16;

/// Finds what columns of trained groups point to, of the quantities that both groups have. Never in a circle: a group
/// can only be coded with the help of another that is coded without it.
pub fn link(groups: &mut [(Key, Group)]) {
    let mut uses: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
    for own in 0..groups.len() {
        let mut found = Vec::new();
        for index in indexes(&groups[own]) {
            let is_target = |&other: &usize| is_pointed_to(&groups[own].1, &groups[other].1, &index);
            let Some(other) = (0..groups.len()).find(is_target) else { continue };
            if reaches(&uses, other, own) {
                continue;
            }
            uses[own].push(other);
            found.extend(columns(&groups[own], &groups[other], &index));
        }
        found.truncate(MOST);
        groups[own].1.foreign = found;
    }
}

/// Columns of a group that have places in entries of another one: integers with a name of the form A_bIdx.
fn indexes((key, group): &(Key, Group)) -> Vec<String> {
    let is_integer = |name: &str| key.iter().any(|(n, column)| n == name && !is_float(column));
    let names = group.columns.iter().map(|column| column.name.clone());
    if !group.is_trained || group.counter.is_empty() {
        return Vec::new();
    }
    names.filter(|name| target(name).is_some() && is_integer(name)).collect()
}

/// "genJet" of "Jet_genJetIdx" and of "Jet_genJetIdx2".
fn target(index: &str) -> Option<&str> {
    let (_, last) = index.rsplit_once('_')?;
    let (stem, rest) = last.split_once("Idx")?;
    (!stem.is_empty() && rest.chars().all(|c| c.is_ascii_digit())).then_some(stem)
}

fn is_pointed_to(own: &Group, other: &Group, index: &str) -> bool {
    let collection = other.counter.strip_prefix('n').unwrap_or_default();
    let is_same = target(index).is_some_and(|stem| stem.eq_ignore_ascii_case(collection));
    is_same && other.is_trained && other.counter != own.counter && other.serves(own)
}

fn reaches(uses: &[Vec<usize>], from: usize, to: usize) -> bool {
    from == to || uses[from].iter().any(|&next| reaches(uses, next, to))
}

/// The floats of the other group that have a counterpart in the own one.
fn columns((_, own): &(Key, Group), (key, other): &(Key, Group), index: &str) -> Vec<ForeignColumn> {
    let suffix = |name: &str| name.rsplit_once('_').map(|(_, last)| last.to_owned());
    let in_both = |name: &String| own.columns.iter().any(|column| suffix(&column.name) == suffix(name));
    let is_float = |name: &String| key.iter().any(|(n, column)| n == name && is_float(column));
    let names = other.columns.iter().map(|column| column.name.clone());
    names
        .filter(|name| is_float(name) && in_both(name))
        .map(|branch| ForeignColumn { branch, counter: other.counter.clone(), index: index.to_owned() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::SampleColumn;

    fn group(counter: &str, columns: &[&str], is_trained: bool) -> (Key, Group) {
        group_with(counter, columns, is_trained, "Int_t")
    }

    fn group_with(counter: &str, columns: &[&str], is_trained: bool, index: &str) -> (Key, Group) {
        let column = |name: &&str| SampleColumn {
            name: (*name).to_owned(),
            bound: String::new(),
            index: String::new(),
            sigma: 0.0,
        };
        let kind = |name: &str| if name.contains("Idx") { index } else { "Float_t" };
        let key = columns.iter().map(|name| ((*name).to_owned(), kind(name).to_owned())).collect();
        let (trees, columns) = (vec!["Events".to_owned()], columns.iter().map(column).collect());
        (key, Group { trees, counter: counter.to_owned(), columns, foreign: Vec::new(), is_trained, rows: 5000 })
    }

    fn seen((_, group): &(Key, Group)) -> Vec<(&str, &str)> {
        group.foreign.iter().map(|column| (column.branch.as_str(), column.index.as_str())).collect()
    }

    #[test]
    fn indexes_name_what_they_point_to() {
        let mut groups = [
            group("nJet", &["Jet_pt", "Jet_btag", "Jet_genJetIdx", "Jet_muonIdx1", "Jet_nothingIdx"], true),
            group("nGenJet", &["GenJet_pt", "GenJet_flavour"], true),
            group("nMuon", &["Muon_pt", "Muon_jetIdx"], true),
        ];
        link(&mut groups);
        assert_eq!(seen(&groups[0]), [("GenJet_pt", "Jet_genJetIdx"), ("Muon_pt", "Jet_muonIdx1")]);
        assert_eq!(groups[0].1.foreign[0].counter, "nGenJet");
        assert!(seen(&groups[1]).is_empty());
        assert!(seen(&groups[2]).is_empty(), "jets already need the muons");
    }

    #[test]
    fn all_integers_can_be_indexes() {
        for index in ["Char_t", "UChar_t", "Short_t", "UShort_t", "Int_t", "UInt_t", "Long64_t", "ULong64_t"] {
            let names = ["Jet_pt", "Jet_genJetIdx"];
            let mut groups = [group_with("nJet", &names, true, index), group("nGenJet", &["GenJet_pt"], true)];
            link(&mut groups);
            assert_eq!(seen(&groups[0]), [("GenJet_pt", "Jet_genJetIdx")], "{index}");
        }
        let names = ["Jet_pt", "Jet_genJetIdx"];
        let mut groups = [group_with("nJet", &names, true, "Float_t"), group("nGenJet", &["GenJet_pt"], true)];
        link(&mut groups);
        assert!(seen(&groups[0]).is_empty());
    }

    #[test]
    fn only_trained_groups_take_part() {
        let names = ["Jet_pt", "Jet_genJetIdx"];
        let mut groups = [group("nJet", &names, true), group("nGenJet", &["GenJet_pt"], false)];
        link(&mut groups);
        assert!(seen(&groups[0]).is_empty());
        let mut groups = [group("nJet", &names, false), group("nGenJet", &["GenJet_pt"], true)];
        link(&mut groups);
        assert!(seen(&groups[0]).is_empty());
    }
}
