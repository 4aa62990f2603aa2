"""The index of the words in transcripts. It differs by database, so no model describes it.

`transcript_words` holds one entry an interview, under the interview's `number`, and goes with it.
On SQLite it is an FTS5 table with the columns `words` and `who`, on Postgres a table with a GIN index over
hashed runs of words. Only `app.db.word_index` reads and writes it.
"""

TRANSCRIPT_WORDS = "transcript_words"
INTERVIEW_NUMBERS = "interview_numbers"
