-- Terms come normalised, as literals: PostgreSQL's own parser and dictionaries take no part.
CREATE TABLE measure_text (no integer PRIMARY KEY, terms tsvector NOT NULL);
--> statement-breakpoint
CREATE INDEX measure_text_terms_idx ON measure_text USING gin (terms);
