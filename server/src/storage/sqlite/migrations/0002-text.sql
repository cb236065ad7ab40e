-- The text beside the state, so that it can be shown without a document being built from the state. A checkpoint of
-- format 1 has none.
ALTER TABLE checkpoints ADD COLUMN text BLOB;
