"""Which mechanism draws from which stream of the keyed uniforms (H1)."""

from __future__ import annotations

from enum import IntEnum


class Stream(IntEnum):
    """Stream ids, fixed for ever; new mechanisms append."""

    kept = 1  # inauguration: policy kept
    staff = 2  # inauguration: staff of a channel changes
    adm_break = 3  # inauguration: agreement broken
    receptivity = 4
    line = 5  # channel cut or opened
    contacts = 6
    turnover = 7
    campaign = 8
    events = 9
    noise = 10
    lethal = 11
    onset = 12
    lethal_crisis = 13
    move1 = 15
    move2 = 16
    deception = 17
    alarm = 18
    message = 19
    severity = 20  # 20 to 43: events 0 to 23
    strike = 50
    kill_chain = 51
    nuclear = 52
    large = 53
    fat_incident = 54  # slot 0 lethal incident, slot 1 entry into rung 3
    fat_rung4 = 55
    fat_war = 56
    fat_nuclear = 57
    window = 60
    deal = 61
    collapse = 62
    closure = 63
    arrival = 70  # 70 to 74 by type
    capture = 80  # 80 to 84 by type
    opening_window = 86
    aid = 87
    instability = 88
    instability_war = 89
    start_receptivity = 90
    start_type = 92
    succession_type = 93
    termination = 94
    compromises = 95
    compromise_size = 96
    detention = 97
    compliance = 98
