"""What the AWS home needs: packages, templates by concern, deployment, and the emulator they are proven on."""
