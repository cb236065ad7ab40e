use super::*;

/// The HTML without the attribute that all parts have.
fn html(text: &str) -> String {
    let html: String = render(text).into_iter().map(|block| block.html).collect();
    html.replace(" dir=\"auto\"", "")
}

#[test]
fn each_part_runs_in_its_own_direction() {
    for (text, start) in [
        ("a", "<p dir=\"auto\">"),
        ("# a", "<h1 dir=\"auto\" "),
        ("- a", "<ul><li dir=\"auto\">"),
        ("|a|\n|-|\n|b|", "<table><thead><tr><th dir=\"auto\">"),
        ("> a", "<blockquote><p dir=\"auto\">"),
    ] {
        let html = &render(text)[0].html;
        assert!(html.starts_with(start), "{html}");
    }
}

#[test]
fn a_block_runs_as_its_first_letter_does() {
    for (text, is_rtl) in [
        ("a ש", false),
        ("ש a", true),
        ("- 1. ש\n- a", true),
        ("> **مرحبا**", true),
        ("|1|\n|-|\n|ש|", true),
        ("12", false),
    ] {
        assert_eq!(render(text)[0].is_rtl, is_rtl, "{text}");
    }
    assert!(render("ש")[0].element().starts_with("<div class=\"block\" dir=\"rtl\" "));
}

#[test]
fn the_dialect_is_commonmark_with_githubs_additions() {
    let cases = [
        (
            "a *b* **c** ~~d~~ `<e>`\nf",
            "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>&lt;e&gt;</code>\nf</p>",
        ),
        ("a  \nb\n\n---", "<p>a<br>b</p><hr>"),
        ("> q", "<blockquote><p>q</p></blockquote>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", "<ol start=\"3\"><li>a</li><li>b</li></ol>"),
        (
            "- [ ] a\n- [x] b",
            "<ul><li><span class=\"task\">☐</span> a</li><li><span class=\"task\">☑</span> b</li></ul>",
        ),
        (
            "| a | b |\n|---|--:|\n| 1 | 2 |",
            "<table><thead><tr><th>a</th><th class=\"right\">b</th></tr></thead>\
             <tbody><tr><td>1</td><td class=\"right\">2</td></tr></tbody></table>",
        ),
        (
            "a[^x] b[^y]\n\n[^y]: c\n\n[^x]: d",
            "<p>a<sup><a href=\"#text-note-1\" rel=\"external\">1</a></sup> \
             b<sup><a href=\"#text-note-2\" rel=\"external\">2</a></sup></p>\
             <div class=\"footnote\" id=\"text-note-2\"><span class=\"footnote-label\">2.</span><div><p>c</p></div></div>\
             <div class=\"footnote\" id=\"text-note-1\"><span class=\"footnote-label\">1.</span><div><p>d</p></div></div>",
        ),
        ("```rust\nlet a\n```", "<pre><code><span class=\"keyword\">let</span> a\n</code></pre>"),
        ("    code", "<pre><code>code</code></pre>"),
    ];
    for (text, expected) in cases {
        assert_eq!(html(text), expected, "{text}");
    }
}

#[test]
fn headings_have_names_to_link_to() {
    assert_eq!(
        html("# One *two*\n\n## `x` & y\n\n[up](#One-Two)"),
        "<h1 id=\"text-one-two\">One <em>two</em></h1><h2 id=\"text-x--y\"><code>x</code> &amp; y</h2>\
         <p><a href=\"#text-one-two\" rel=\"external\">up</a></p>"
    );
    // The page has an element of this name, in which it looks for its data.
    assert_eq!(
        html("# state\n# state"),
        "<h1 id=\"text-state\">state</h1><h1 id=\"text-state-1\">state</h1>"
    );
}

#[test]
fn links_say_that_they_lead_away() {
    let away = "rel=\"external nofollow noopener noreferrer\" target=\"_blank\"";
    assert_eq!(html("[a](https://b.example)"), format!("<p><a href=\"https://b.example\" {away}>a</a></p>"));
    assert_eq!(
        html("<c@d.example>"),
        format!("<p><a href=\"mailto:c@d.example\" {away}>c@d.example</a></p>")
    );
    assert_eq!(
        html("See https://a.example/b_c_d."),
        format!("<p>See <a href=\"https://a.example/b_c_d\" {away}>https://a.example/b_c_d</a>.</p>")
    );
    assert_eq!(html("[a](/d/b)"), "<p><a href=\"/d/b\" rel=\"external nofollow\">a</a></p>");
    assert_eq!(html("[see https://a.example](/b)").matches("<a ").count(), 1);
}

#[test]
fn no_image_tells_another_host_who_reads() {
    assert_eq!(html("![a *b*](/icon.svg)"), "<p><img src=\"/icon.svg\" alt=\"a b\" loading=\"lazy\"></p>");
    let away = "rel=\"external nofollow noopener noreferrer\" target=\"_blank\"";
    for address in ["https://b.example/c.png", "//b.example/c.png"] {
        assert_eq!(html(&format!("![a]({address})")), format!("<p><a href=\"{address}\" {away}>a</a></p>"));
        assert_eq!(
            html(&format!("[![a]({address})](/d)")),
            "<p><a href=\"/d\" rel=\"external nofollow\">a</a></p>"
        );
    }
    assert_eq!(html("![a](data:image/png;base64,AAAA)"), "<p>a</p>");
}

#[test]
fn blocks_know_their_lines() {
    let lines = |text| render(text).iter().map(|block| block.line).collect::<Vec<_>>();
    assert_eq!(lines("# a\n\nb\nc\n\n- d\n- e\n\n---\nf"), [0, 2, 5, 8, 9]);
    assert_eq!(lines("\r\n\r\na\r\n\r\nb"), [2, 4]);
    assert_eq!(lines("[a]: /b\n\nc [a]\n"), [2]);
    assert!(lines("").is_empty());
}

/// Ways in which texts have made pages run scripts, from the OWASP and PortSwigger collections and from bug reports
/// against Markdown programs.
const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<details open ontoggle=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?php <img src=x onerror=alert(1)> ?>",
    "</div></main><script>alert(1)</script>",
    "<style>*{background:url(https://evil.example)}</style>",
    "<form action=https://evil.example><input name=a>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<x onclick=alert(1)>**a**</x>",
    "a <b onmouseover=alert(1)>b</b>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[a](&#0000106&#0000097;vascript:alert(1))",
    "[a](java&#10;script:alert(1))",
    "[a](java&Tab;script:alert(1))",
    "[a](&#1;javascript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](< javascript:alert(1)>)",
    "[a](\\javascript:alert(1))",
    "[a](javascript://x%0aalert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[a](vbscript:msgbox(1))",
    "[a](file:///etc/passwd)",
    "[a](livescript:x)",
    "[a](blob:https://x/y)",
    "[a](x 'onclick=alert(1)')",
    "[a](x \"\\\" onclick=alert(1) x=\\\"\")",
    "[a](/x\"onmouseover=\"alert(1))",
    "[a](<\"><script>alert(1)</script>>)",
    "[a]: javascript:alert(1)\n\n[a]",
    "[a]: <javascript:alert(1)> 'x'\n\n[b][a]",
    "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    "![a](javascript:alert(1))",
    "![a](x\"onerror=\"alert(1))",
    "![\"onerror=\"alert(1)](/x)",
    "![<script>alert(1)</script>](/x)",
    "![a](data:image/svg+xml,<svg onload=alert(1)>)",
    "[![a](javascript:alert(1))](javascript:alert(2))",
    "```\"><script>alert(1)</script>\nx\n```",
    "```js\" onclick=\"alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "~~~ <img/src=x/onerror=alert(1)>\n<img src=x onerror=alert(1)>\n~~~",
    "`</code><script>alert(1)</script>`",
    "    </code></pre><script>alert(1)</script>",
    "# \" onclick=\"alert(1)",
    "# <img src=x onerror=alert(1)>",
    "# a {onclick=alert(1)}",
    "[^\"><script>alert(1)</script>]\n\n[^\"><script>alert(1)</script>]: x",
    "[^a]\n\n[^a]: <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "- [ ] <script>alert(1)</script>",
    "https://a.example/\"onclick=alert(1)",
    "https://a.example/'onclick='alert(1)",
    "https://a.example/<script>alert(1)</script>",
    "http://javascript:alert(1)@x",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<\u{0}script>alert(1)</script>",
    "<svg><style>&lt;img src=x onerror=alert(1)&gt;</style></svg>",
];

#[test]
fn nothing_that_is_written_runs() {
    for attack in ATTACKS {
        let html = html(attack);
        for tag in tags(&html) {
            assert!(is_ours(tag), "{attack:?} has become {tag:?} in {html:?}");
        }
        let addresses = html.split(" href=\"").skip(1).chain(html.split(" src=\"").skip(1));
        for address in addresses.filter_map(|rest| rest.split('"').next()) {
            let has_scheme =
                address.split(['/', '\\', '?', '#']).next().is_some_and(|head| head.contains(':'));
            let is_web = ["https://", "http://"].iter().any(|safe| address.starts_with(safe));
            assert!(is_web || !has_scheme, "{attack:?} leads to {address:?}");
        }
    }
}

#[test]
fn all_that_is_written_is_there_to_read() {
    assert_eq!(html("a <b>c</b>"), "<p>a &lt;b&gt;c&lt;/b&gt;</p>");
    assert_eq!(html("<div>\n*a*\n</div>"), "<p class=\"markup\">&lt;div&gt;\n*a*\n&lt;/div&gt;</p>");
    assert_eq!(html("[a](javascript:b)"), "<p>a</p>");
}

/// Each tag, without its angle brackets. In what is escaped, `<` begins nothing but tags.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default()).collect()
}

/// Whether the writer knows this tag, with these attributes and no others.
fn is_ours(tag: &str) -> bool {
    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    let name = name.trim_start_matches('/');
    let names = "p h1 h2 h3 h4 h5 h6 ul ol li a img code pre span div em strong del sup table thead tbody tr th td br hr \
                 blockquote";
    // Every value is quoted, and no quote is left in it.
    let known = ["class", "id", "href", "rel", "target", "src", "alt", "loading", "start"];
    let attributes =
        attributes.split('"').step_by(2).map(str::trim).filter(|attribute| !attribute.is_empty());
    names.split(' ').any(|known| known == name)
        && attributes
            .into_iter()
            .all(|attribute| attribute.strip_suffix('=').is_some_and(|attribute| known.contains(&attribute)))
}

#[test]
fn no_text_costs_more_than_its_length() {
    let attacks = [
        ">".repeat(100_000),
        "- ".repeat(50_000),
        "[".repeat(100_000),
        "*a ".repeat(50_000),
        "http://,".repeat(20_000),
        format!("http://a{}", ")".repeat(200_000)),
        "`a ".repeat(50_000),
        "![".repeat(50_000),
        format!("{}\n{}\n{}", "|a".repeat(1_000), "|-".repeat(1_000), "|\n".repeat(100_000)),
        "# a\n".repeat(20_000),
    ];
    let clock = std::time::Instant::now();
    for attack in &attacks {
        let html = html(attack);
        assert!(html.len() < 100 * attack.len(), "{:?} gives {} bytes", &attack[..10], html.len());
    }
    // Some seconds for a slow machine; what is not linear takes minutes.
    assert!(clock.elapsed().as_secs() < 20, "{:?}", clock.elapsed());
}
