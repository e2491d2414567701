#!/bin/bash
# The client: asks the virtual address every 20 ms or so and writes "TIME ANSWER" per request, "-" for none.
while :; do
    answer=$(curl -s --connect-timeout 0.2 --max-time 0.2 "http://$1/" 2>/dev/null) || answer=-
    echo "$EPOCHREALTIME ${answer:--}"
    sleep 0.01
done
