#!/bin/bash
A=$(ps -C nginx --no-header | wc -l)
if [ "$A" -eq 0 ]; then
    exit 1
fi
exit 0
