"""The nouns of Cadastre: book, coverage model, evidence, plan, decision. No I/O."""
