-- What an example has besides input and output, a JSON object: {"negatives":[…]} of a question with a passage that answers
-- it, {"context":"…","answers":[…]} of one with its answer; empty for nothing.
ALTER TABLE example ADD COLUMN beside TEXT NOT NULL DEFAULT '';
