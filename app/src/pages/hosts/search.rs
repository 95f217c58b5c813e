//! Finding hosts in the list.

use super::context::HostsContext;
use crate::i18n::{t_string, text, use_i18n};
use crate::views::HostSummary;
use leptos::prelude::*;

/// The search box.
#[component]
pub fn SearchBox() -> impl IntoView {
    let i18n = use_i18n();
    let HostsContext { search, .. } = expect_context();
    view! {
        <input
            class="control search"
            type="search"
            data-testid="host-search"
            autocomplete="off"
            spellcheck="false"
            aria-label=text!(i18n, hosts.search)
            placeholder=text!(i18n, hosts.search_placeholder)
            prop:value=search
            on:input:target=move |event| search.set(event.target().value())
        />
    }
}

/// How many hosts there are, and how many of them the search has found.
#[component]
pub fn HostCount() -> impl IntoView {
    let i18n = use_i18n();
    let HostsContext { hosts, search, .. } = expect_context();
    let text = move |all: &[HostSummary]| {
        let (count, found) = (all.len(), search.with(|text| find_hosts(all, text)).len());
        match search.with(|text| text.trim().is_empty()) {
            true => t_string!(i18n, hosts.count, count = count),
            false => t_string!(i18n, hosts.count_found, found = found, count = count),
        }
    };
    let body = move || hosts.get().and_then(Result::ok).map(|all| text(&all));
    view! { <span class="secondary" role="status"><Transition>{body}</Transition></span> }
}

/// Hosts in whose name, address, tags, group, system or user every word of `text` occurs.
pub fn find_hosts(all: &[HostSummary], text: &str) -> Vec<HostSummary> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let matches = |host: &&HostSummary| {
        let card = &host.card;
        let texts = [&card.name, &card.address, &card.os, &card.architecture, &host.ssh_user, &card.tags.join(" "), &card.group];
        let all_texts = texts.map(|text| text.to_lowercase()).join("\n");
        words.iter().all(|word| all_texts.contains(word))
    };
    all.iter().filter(matches).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::LoginMethod;
    use protocol::host::HostStatus;
    use protocol::live::HostCard;

    fn host(id: i64, name: &str, address: &str, tag: &str) -> HostSummary {
        HostSummary {
            card: HostCard { id, name: name.into(), address: address.into(), tags: vec![tag.into()], ..HostCard::default() },
            status: HostStatus::Online,
            source: None,
            local: false,
            remark: String::new(),
            ssh_user: "root".into(),
            method: LoginMethod::Password,
            has_sudo_password: false,
            fingerprint: String::new(),
            restricted_key: false,
            paused: false,
            exporter_port: 9100,
            exporter_tls: false,
            exporter_certificate: String::new(),
            exporter_user: String::new(),
            has_exporter_password: false,
            upgrade_to: None,
            agent_port: None,
            last_failure: None,
            progress: None,
            created_at_ms: 0,
        }
    }

    #[test]
    fn every_word_must_occur_somewhere() {
        let all = [host(1, "web-01", "10.0.0.1", "北京"), host(2, "web-02", "10.0.0.2", "shanghai"), host(3, "DB", "10.0.1.1", "北京")];
        for (text, found) in [
            ("", vec![1, 2, 3]),
            ("  ", vec![1, 2, 3]),
            ("WEB", vec![1, 2]),
            ("web 北京", vec![1]),
            ("10.0.1", vec![3]),
            ("db shanghai", vec![]),
        ] {
            assert_eq!(find_hosts(&all, text).iter().map(|host| host.card.id).collect::<Vec<_>>(), found, "{text}");
        }
    }
}
