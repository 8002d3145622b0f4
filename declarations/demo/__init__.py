"""The five real events as demo data: facts from the articles, everything invented visibly marked "(contoh)"."""
