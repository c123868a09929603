"""Small numbers kept back (röjandekontroll): how facts are divided so that told numbers tell of nobody.

Pure: no database, no clock. docs/decisions/0060 says why each rule is there.
"""
