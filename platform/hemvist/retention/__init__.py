"""How long what is written of a household is kept, and how it is thinned (bevarande och gallring).

Every closed case has a day from which it is thinned, or a reason why it is kept for good; both come from
dated, cited parameters of the law pack and of the kommun's own guideline. What is due is thinned in a run
that one person proposes, another approves and a worker carries out.
"""
