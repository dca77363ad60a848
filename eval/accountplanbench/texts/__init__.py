"""The words of AccountPlanBench: notes, questions and demands, in paraphrase families."""
