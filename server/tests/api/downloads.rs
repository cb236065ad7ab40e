//! Documents as files.

use super::server;

#[tokio::test]
async fn a_document_can_be_taken_along() {
    let server = server().await;
    let text = "# Größe\r\n\r\n<script>alert(1)</script>\n\n& **bold**\0\n";
    server.put("a", None, text).await;
    for (extension, media_type) in
        [("txt", "text/plain; charset=utf-8"), ("md", "text/markdown; charset=utf-8")]
    {
        let file = server.get(&format!("/d/a/download.{extension}")).await;
        assert_eq!((file.status, file.text()), (200, text));
        assert_eq!(file.header("content-type"), Some(media_type));
        let expected = format!(
            "attachment; filename=\"Gr__e.{extension}\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.{extension}"
        );
        assert_eq!(file.header("content-disposition"), Some(&*expected));
    }
    let file = server.get("/d/a/download.html").await;
    assert_eq!(file.header("content-type"), Some("text/html; charset=utf-8"));
    let html = file.text();
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<title>Größe</title>"), "{html}");
    assert!(html.contains(">Größe</h1>") && html.contains("<strong>bold</strong>"), "{html}");
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
}

#[tokio::test]
async fn a_file_is_called_as_the_document_is() {
    let server = server().await;
    server.put("a", None, "first line").await;
    server.json("PATCH", "/api/documents/a", r#"{"title":"../x\" ; filename=\"evil.exe"}"#).await;
    let file = server.get("/d/a/download.txt").await;
    let expected = "attachment; filename=\"_x_ _ filename__evil.exe.txt\"; \
                    filename*=UTF-8''_x_%20%3B%20filename%3D_evil.exe.txt";
    assert_eq!(file.header("content-disposition"), Some(expected));
    let empty = server.get("/d/nothing-there/download.md").await;
    assert_eq!((empty.status, empty.text()), (200, ""));
    assert!(empty.header("content-disposition").unwrap().contains("filename=\"nothing-there.md\""));
}

#[tokio::test]
async fn what_is_not_there_cannot_be_taken_along() {
    let server = server().await;
    server.put("a", None, "text").await;
    server.delete("a").await;
    assert_eq!(server.get("/d/a/download.txt").await.status, 410);
    assert_eq!(server.get("/d/a%20b/download.html").await.status, 400);
    assert_eq!(server.get("/d/a/download.pdf").await.status, 404);
}
