-- The index only: the texts themselves are in the documents. Terms come normalised, so the tokenizer changes nothing.
CREATE VIRTUAL TABLE measure_text USING fts5(title, rest, content='', contentless_delete=1, detail=column, prefix='3 4 5', tokenize="unicode61 remove_diacritics 0 tokenchars '~'");
