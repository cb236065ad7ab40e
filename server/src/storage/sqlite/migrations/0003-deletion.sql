-- When the document was deleted, in milliseconds since 1970: NULL for those that are not, 0 once removal has begun.
ALTER TABLE documents ADD COLUMN deleted INTEGER;

-- When the last record arrived. Retention may have removed that record itself.
ALTER TABLE documents ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;
UPDATE documents SET updated = coalesce(
    (SELECT at FROM records WHERE document = documents.key ORDER BY seq DESC LIMIT 1), 0);

-- The title beside the text. A checkpoint of an older format has none, and is not shown by itself.
ALTER TABLE checkpoints ADD COLUMN title TEXT;
