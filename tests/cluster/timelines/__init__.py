"""One load, two timelines: that of the real controller, and that of the simulator.

Each request of the controller for metrics marks a sync. It is answered with the next value of
the load, or, while the pods are not what the simulator takes them to be, not at all: such a sync
decides nothing. So neither timeline depends on how fast this machine is.
"""
