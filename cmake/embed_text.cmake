# cmake -DIN=a.sql -DOUT=a.h -DNAME=schema_1 -P embed_text.cmake: a text file as a NUL-terminated array of char.
file(READ ${IN} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(................................................................................)" "\\1\n    " bytes "${bytes}")
file(WRITE ${OUT} "static const char ${NAME}[] = {\n    ${bytes}0x00,\n};\n")
