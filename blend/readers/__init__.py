"""Real sets in, one format a file: each lists candidates, none decodes a picture; `registry` names them."""
