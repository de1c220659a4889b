"""Large sheets: the text among the lines of a drawing, whichever way it runs, and the fields of the title block."""
